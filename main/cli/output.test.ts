import { describe, expect, it, vi } from 'vitest';
import { InputError } from '../../core/contract/errors.ts';
import { createEar } from '../trainer/test-support/lab.ts';
import { formatBytes, formatDuration, formatNumber, formatTable, truncate } from './format.ts';
import { createOutput, type OutputOptions } from './output.ts';

function listen(options: Partial<OutputOptions> & { columns?: number } = {}) {
  const [stdout, stderr] = [createEar(), createEar()];
  const { columns, ...rest } = options;
  const terminal = columns === undefined ? stdout.stream : Object.assign(stdout.stream, { isTTY: true, columns });
  return { output: createOutput({ stdout: terminal, stderr: stderr.stream, json: false, verbose: false, ...rest }), stdout, stderr };
}

describe('the live line', () => {
  it('is rewritten in place, cut to the width, and leaves room for other lines', () => {
    const { output, stdout } = listen({ columns: 11 });
    output.live('loss 1.23456789');
    output.line('a line');
    output.endLive();
    output.line('the end');
    const clear = '\r\x1b[2K';
    expect(stdout.text()).toBe(`loss 1.23…${clear}a line\nloss 1.23…${clear}loss 1.23…\nthe end\n`);
  });

  it('shows its last text when it ends', () => {
    const { output, stdout } = listen({ columns: 80 });
    for (let count = 0; count < 1000; count++) output.live(`episode ${count}`);
    output.endLive();
    expect(stdout.text().endsWith('\r\x1b[2Kepisode 999\n')).toBe(true);
    expect(stdout.text().length).toBeLessThan(1000);
  });

  it('is said once where there is no terminal, as long as it does not change', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const { output, stdout } = listen();
      for (const text of ['begins', 'waits', 'waits', 'waits', 'goes on']) {
        output.live(text);
        vi.advanceTimersByTime(10_000);
      }
      expect(stdout.text()).toBe('waits\ngoes on\n');
    } finally {
      vi.useRealTimers();
    }
  });

  it('has no control characters where there is no terminal', () => {
    const { output, stdout } = listen();
    output.live('episode 1');
    output.line('a line');
    output.endLive();
    expect(stdout.text()).toBe('a line\n');
  });
});

describe('--json', () => {
  it('lets nothing but JSON through', () => {
    const { output, stdout, stderr } = listen({ json: true });
    output.line('text');
    output.live('text');
    output.remark('text');
    output.endLive();
    output.error(new InputError('some-rule', 'one sentence'));
    output.error(new TypeError('x is undefined'));
    expect(stdout.text()).toBe(
      '{"event":"error","code":"some-rule","message":"one sentence"}\n{"event":"error","code":"unexpected","message":"an unexpected error: x is undefined (--verbose shows where)"}\n',
    );
    expect(stderr.text()).toBe('');
  });
});

describe('numbers for people', () => {
  it.each([
    [0, '0'],
    [0.21344, '0.2134'],
    [24.8051, '24.81'],
    [15_230.4, '15,230'],
    [0.00001, '1e-5'],
    [NaN, 'NaN'],
  ])('%d is %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it.each([
    [1.23, '1.2 s'],
    [45.2, '45 s'],
    [185, '3 min 5 s'],
    [7800, '2 h 10 min'],
    [Infinity, '–'],
  ])('%d seconds are %s', (value, text) => expect(formatDuration(value)).toBe(text));

  it('bytes, tables and cuts', () => {
    expect([formatBytes(612_300_000), formatBytes(9.06e9)]).toEqual(['612 MB', '9.1 GB']);
    expect(
      formatTable([
        ['a', 'bb'],
        ['ccc', 'd'],
      ]),
    ).toEqual(['a    bb', 'ccc  d']);
    expect([truncate('abc', 3), truncate('abcd', 3), truncate('abc', 0)]).toEqual(['abc', 'ab…', '']);
  });
});
