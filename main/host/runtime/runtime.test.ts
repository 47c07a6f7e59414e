import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HostClient } from '../../host-client/connect-host.ts';
import { createHostLab, finishJob, until, type HostLab } from '../test-support/host-lab.ts';
import { cpuWheel as wheel, hasLibrary, makeSetUpRoot, type SetUpRoot } from '../test-support/set-up-root.ts';
import { startWheelServer, type WheelServer } from '../test-support/wheel-server.ts';

const isMeant = process.platform === 'linux' && process.arch === 'x64';

let server: WheelServer;
let root: SetUpRoot;
let lab: HostLab;
let client: HostClient;
const outer = { ...process.env };
beforeAll(async () => {
  server = await startWheelServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  root = makeSetUpRoot();
  server.ranges.length = 0;
  server.gives = 'refused';
  // The host takes these from whoever starts it.
  Object.assign(process.env, server.environment, { ENGRAM_CACHE: root.cache, ENGRAM_TENSORFLOW: 'cpu' });
  lab = createHostLab(undefined, 500, 'real', root.script);
  client = await lab.connect();
});
afterEach(async () => {
  await lab.remove();
  root.remove();
  process.env = { ...outer };
});

const look = () => client.api.runtime.look();
const bring = async () => (await client.api.runtime.bring()).job;
const jobNow = async (id: string) => (await client.api.jobs.list()).find((job) => job.id === id)!;
const part = () => join(root.cache, 'downloads', `${wheel.filename}.part`);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const setUpPid = (): number => (JSON.parse(readFileSync(join(root.cache, 'setup.lock'), 'utf8')) as { pid: number }).pid;

/** As far as the download of 230 MB that does not go on. */
async function beginDownload(): Promise<string> {
  server.gives = 3_000_000;
  const job = await bring();
  await until(async () => (await jobNow(job)).done >= 3_000_000, 60_000);
  return job;
}

describe.skipIf(!isMeant)('the TensorFlow runtime', () => {
  it('is told of before anybody asks for it, without a network', async () => {
    expect(await look()).toEqual({
      plan: {
        variant: 'cpu',
        unfit: null,
        gpuProblem: expect.stringContaining('ENGRAM_TENSORFLOW=cpu'),
        installed: null,
        isSettled: false,
        downloadBytes: wheel.bytes,
        cache: root.cache,
      },
      last: null,
      job: null,
    });
    expect(server.ranges).toEqual([]);
  });

  it.skipIf(!hasLibrary)(
    'is bound, tried and put in its place, and the backends are examined again; then there is nothing to do',
    async () => {
      root.fillCache();
      expect((await look()).plan.downloadBytes).toBe(0);
      const job = await finishJob(client, { job: await bring() });
      expect(job).toMatchObject({ state: 'done', error: null });
      expect(job.lines).toEqual([
        expect.stringMatching(/binding .* built in/),
        expect.stringContaining('backend ready'),
        expect.stringContaining('TensorFlow 2.18.1 for the CPU is installed'),
      ]);
      expect(existsSync(root.binding)).toBe(true);
      const { examinedAtMs, reports } = await client.api.experiments.backends({ examine: false });
      expect(examinedAtMs).toBeGreaterThan(job.startedAtMs);
      expect(reports.map(({ name }) => name)).toContain('tensorflow');
      expect(await look()).toMatchObject({ plan: { isSettled: true, installed: { variant: 'cpu' } }, last: { state: 'done' }, job: null });

      const again = await finishJob(client, { job: await bring() });
      expect(again).toMatchObject({
        state: 'done',
        lines: [expect.stringContaining('in place already. Not for the GPU: ENGRAM_TENSORFLOW=cpu')],
      });
      expect(server.ranges).toEqual([]);
    },
  );

  it('that its source refuses is told with the reason and a way out, and kept for the next host', async () => {
    const job = await finishJob(client, { job: await bring() });
    expect(job).toMatchObject({
      state: 'failed',
      error: { code: 'set-up-failed', message: expect.stringMatching(/could not be fetched.*403.*Way out: check the network/s) },
    });
    expect(job.lines[0]).toMatch(/231 MB to download/);
    await client.api.host.stop();
    await lab.gone();
    client = await lab.connect();
    const { last, plan } = await look();
    expect(last).toMatchObject({ state: 'failed', message: job.error!.message, lines: job.lines });
    expect(plan).toMatchObject({ installed: null, isSettled: false });
  });

  it('can be cancelled, with all that it has started; what has arrived is kept and the next attempt goes on from there', async () => {
    const job = await beginDownload();
    expect(await jobNow(job)).toMatchObject({ phase: expect.stringMatching(/3 MB of 231 MB$/), total: wheel.bytes });
    expect(await bring()).toBe(job);
    const pid = setUpPid();
    await client.api.jobs.cancel({ job });
    expect(await finishJob(client, { job })).toMatchObject({ state: 'cancelled' });
    expect(isAlive(pid)).toBe(false);
    expect((await look()).last).toMatchObject({ state: 'cancelled', message: expect.stringContaining('is kept') });
    expect(statSync(part()).size).toBe(3_000_000);

    const next = await bring();
    await until(() => server.ranges.length === 2, 60_000);
    expect(server.ranges).toEqual(['', 'bytes=3000000-']);
    await client.api.jobs.cancel({ job: next });
    await finishJob(client, { job: next });
  });

  it('goes on when the window is closed', async () => {
    const job = await beginDownload();
    client.close();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    client = await lab.connect();
    expect((await look()).job).toMatchObject({ id: job, state: 'working' });
    await client.api.jobs.cancel({ job });
    await finishJob(client, { job });
  });

  it('is not brought behind the back of a host that was killed, and the next one says so', async () => {
    await beginDownload();
    const pid = setUpPid();
    process.kill(lab.pid(), 'SIGKILL');
    await until(() => !isAlive(pid));
    client = await lab.connect();
    expect((await look()).last).toMatchObject({ state: 'interrupted', endedAtMs: null, message: expect.stringContaining('host ended') });
  });

  it('is not brought by a script that ends without a word', async () => {
    const broken = createHostLab(undefined, 500, 'real', join(homedir(), 'no', 'such', 'script.mjs'));
    try {
      const other = await broken.connect();
      const job = await finishJob(other, await other.api.runtime.bring());
      expect(job).toMatchObject({ state: 'failed', error: { message: expect.stringContaining('Cannot find module') } });
      await expect(other.api.runtime.look()).rejects.toMatchObject({ code: 'set-up-failed' });
    } finally {
      await broken.remove();
    }
  });
});
