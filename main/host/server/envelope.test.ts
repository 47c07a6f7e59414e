import { describe, expect, it } from 'vitest';
import { findEnvelopeProblem } from './envelope.ts';

describe('what is said of a wrong envelope', () => {
  it.each(['鍵'.repeat(40), '😀'.repeat(40), '\0\n'.repeat(40), 'x'.repeat(400)])('fits into a close frame: %j', (key) => {
    const problem = findEnvelopeProblem(JSON.stringify({ i: '1', p: { u: '/host/status', h: { [key]: 1 } } }))!;
    expect(problem).toMatch(/^the message's envelope is wrong at "p\.h\.[?x]{36}"$/);
    expect(Buffer.byteLength(problem)).toBeLessThanOrEqual(123);
  });
});
