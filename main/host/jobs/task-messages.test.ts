import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { taskOrderSchema } from './task-messages.ts';
import { runTask } from './task-process.ts';

describe('an order', () => {
  it.each<[what: string, order: unknown]>([
    ['no object', 'import-run'],
    ['an unknown task', { name: 'explode', input: {} }],
    ["another task's input", { name: 'import-run', input: { source: '/a', mode: 'copy', to: '/b' } }],
    ['a description that is none', { name: 'check-dataset', input: { description: { name: 'a' } } }],
    ['more than was asked for', { name: 'import-run', input: { from: '/a', runsFolder: '/b', known: [], more: 1 } }],
  ])('is refused: %s', (_what, order) => {
    expect(taskOrderSchema.safeParse(order).success).toBe(false);
  });

  it('leaves what an archive has no room for to who writes it', () => {
    const tags = Array.from({ length: 51 }, (_, index) => `tag-${index}`);
    const about = { name: '', note: '', group: '', tags, protected: false, createdAtMs: 1 };
    const order = { name: 'export-archives', input: { runs: [{ folder: '/a', to: '/b', about }], version: '1' } };
    expect(taskOrderSchema.parse(order)).toEqual(order);
  });

  it('is checked where it arrives', async () => {
    const input = { source: '/nowhere', mode: 'move' as 'copy', to: '/nowhere' };
    const task = runTask('import-dataset', input, z.unknown(), { signal: new AbortController().signal, report: () => {} });
    await expect(task).rejects.toMatchObject({ kind: 'failure', code: 'job-failed', message: expect.stringContaining('mode') });
  });
});
