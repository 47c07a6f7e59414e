import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, it, vi } from 'vitest';
import { FailureError, InputError } from '../../core/contract/errors.ts';
import { setupRunWatch } from './run-watch.ts';

const stop = vi.fn<(input: { run: string }) => Promise<void>>();
vi.mock('./run-signs.ts', () => ({ showEnding: () => {}, showProgress: () => {} }));
vi.mock('../host-client/connect-host.ts', () => ({ connectHost: () => Promise.resolve({ api: { runs: { stop, watchAll } } }) }));
beforeEach(() => void stop.mockReset());

/** Two runs train until both were asked to stop. */
async function* watchAll() {
  yield { runs: ['one', 'two'].map((id) => ({ id, status: 'running' })), removed: [] };
  while (stop.mock.calls.length < 2) await sleep(5);
  yield { runs: ['one', 'two'].map((id) => ({ id, status: 'finished' })), removed: [] };
  await new Promise(() => {});
}

async function watchRuns() {
  const watch = setupRunWatch({ dataFolder: '/nowhere', program: {}, built: {} } as never);
  await expect.poll(() => watch.count().running).toBe(2);
  return watch;
}

it('asks the other runs to stop where one has just ended by itself', async () => {
  stop.mockRejectedValueOnce(new InputError('run-state', 'run one is finished')).mockResolvedValue();
  await (await watchRuns()).stopAll();
  expect(stop.mock.calls).toEqual([[{ run: 'one' }], [{ run: 'two' }]]);
});

it('says what else the host meets', async () => {
  stop.mockRejectedValue(new FailureError('host-lost', 'it went away'));
  await expect((await watchRuns()).stopAll()).rejects.toMatchObject({ code: 'host-lost' });
});
