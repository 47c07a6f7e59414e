import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunUpdate } from '../../core/contract/api/runs.ts';
import type { HostClient } from '../host-client/connect-host.ts';
import { openSocket } from '../host-client/open-socket.ts';
import { readHostInfo } from '../host-client/host-files.ts';
import { collect, createHostLab, finishJob, linearSpec, until, type HostLab } from './test-support/host-lab.ts';

const labs: HostLab[] = [];
afterEach(async () => {
  delete process.env['TEST_GATE_AT'];
  delete process.env['TEST_GATE'];
  for (const lab of labs.splice(0)) await lab.remove();
});

/** A lab whose trainers wait in this iteration until `open` is called. */
async function createGatedLab(iteration = Infinity) {
  const lab = createHostLab();
  labs.push(lab);
  const gate = `${lab.data}-gate`;
  process.env['TEST_GATE_AT'] = String(iteration);
  process.env['TEST_GATE'] = gate;
  const client = await lab.connect();
  await client.api.host.changeSettings({ minimumFreeBytes: 0 });
  return { lab, client, open: () => writeFileSync(gate, '') };
}

const start = async ({ api }: HostClient, episodes: number) => (await api.runs.create({ specs: [linearSpec({ episodes })] }))[0]!.id;
const iterationsOf = (updates: readonly RunUpdate[]) =>
  updates.flatMap(({ records }) => records).flatMap((record) => (record.type === 'metrics' ? [record.iteration] : []));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the stream of a run', () => {
  it('brings every record from the beginning to the end, and says how the run stands', async () => {
    const { client } = await createGatedLab();
    const id = await start(client, 2000);
    const updates = await collect(client.followRun('last'));
    expect(iterationsOf(updates)).toEqual(upTo(2000));
    expect(updates[0]!.run).toMatchObject({ id });
    expect(updates.at(-1)!.run).toMatchObject({ status: 'finished', episodes: 2000 });
    const count = updates.reduce((sum, { records }) => sum + records.length, 0);
    expect(updates.at(-1)!.position).toBe(count);
    // Of a run that has ended, too, and from the middle.
    const rest = await collect(client.followRun(id, { after: count - 100 }));
    expect(rest.flatMap(({ records }) => records)).toEqual(updates.flatMap(({ records }) => records).slice(-100));
    expect(await collect(client.followRun(id, { after: count }))).toHaveLength(1);
  });

  it('goes on without gap or repetition when the host is killed', async () => {
    const { lab, client, open } = await createGatedLab(1500);
    const id = await start(client, 3000);
    const pids = new Set([lab.pid()]);
    const updates: RunUpdate[] = [];
    for await (const update of client.followRun(id)) {
      updates.push(update);
      const seen = iterationsOf(updates).length;
      if (seen === 0 || pids.size === 3 || (pids.size === 2 && seen < 1499)) continue;
      process.kill(lab.pid(), 'SIGKILL');
      await lab.gone();
      await lab.connect();
      pids.add(lab.pid());
      if (pids.size === 3) open();
    }
    expect(pids.size).toBe(3);
    expect(iterationsOf(updates)).toEqual(upTo(3000));
    expect(updates.at(-1)!.run).toMatchObject({ id, status: 'finished' });
    const { values } = client.api.metrics;
    expect((await values({ run: id, name: 'loss' })).map(({ iteration }) => iteration)).toEqual(upTo(3000));
  });

  it('goes on without gap or repetition while the databases are made anew', async () => {
    const { client, open } = await createGatedLab(200);
    const id = await start(client, 400);
    const updates: RunUpdate[] = [];
    let rebuilt = false;
    for await (const update of client.followRun(id)) {
      updates.push(update);
      if (rebuilt || iterationsOf(updates).length < 199) continue;
      rebuilt = true;
      expect(await finishJob(client, await client.api.host.rebuild())).toMatchObject({ state: 'done' });
      open();
    }
    expect(rebuilt).toBe(true);
    expect(iterationsOf(updates)).toEqual(upTo(400));
    expect(updates.at(-1)!.run).toMatchObject({ id, status: 'finished' });
  });

  it('is batched', async () => {
    const { client } = await createGatedLab();
    await start(client, 20_000);
    const begunMs = performance.now();
    const updates = await collect(client.followRun('last'));
    const seconds = (performance.now() - begunMs) / 1000;
    const live = updates.filter(({ records }) => records.length === 0);
    expect(iterationsOf(updates)).toHaveLength(20_000);
    expect(live.length).toBeLessThanOrEqual(10 * seconds + 3);
  });

  it('ends when its listener goes away, in the middle of waiting', async () => {
    const { client, open } = await createGatedLab(5);
    const id = await start(client, 10);
    const controller = new AbortController();
    const following = collect(client.followRun(id, { signal: controller.signal }));
    await until(async () => (await client.api.runs.get({ run: id })).iteration === 4);
    controller.abort();
    await expect(following).rejects.toThrow();
    open();
    await until(async () => (await client.api.runs.get({ run: id })).status === 'finished');
  });

  it('refuses a run that there is not', async () => {
    const { client } = await createGatedLab();
    await expect(collect(client.followRun('nothing'))).rejects.toMatchObject({ kind: 'input', code: 'unknown-run' });
  });
});

describe('the stream of all runs', () => {
  it('begins with what is going on, and brings what changes', async () => {
    const { client, open } = await createGatedLab(3);
    const first = await start(client, 10);
    const second = await start(client, 10);
    const stream = (await client.api.runs.watchAll())[Symbol.asyncIterator]();
    const next = async () => {
      const result = await stream.next();
      if (result.done === true) throw new Error('the stream has ended');
      return result.value;
    };
    const begin = await next();
    expect(begin.runs.map(({ id }) => id).sort()).toEqual([first, second].sort());
    const latest = new Map(begin.runs.map((run) => [run.id, run]));
    const isSeen = async (isIt: () => boolean) => {
      while (!isIt()) for (const run of (await next()).runs) latest.set(run.id, run);
    };
    await isSeen(() => latest.get(first)!.status === 'running' && latest.get(second)!.queuePlace === 1);
    await client.api.runs.update({ run: second, name: 'renamed', addTags: ['a-tag'] });
    await isSeen(() => latest.get(second)!.name === 'renamed' && latest.get(second)!.tags.includes('a-tag'));
    open();
    await isSeen(() => latest.get(first)!.status === 'finished' && latest.get(second)!.status === 'finished');
    await client.api.runs.trash({ runs: [first] });
    await client.api.runs.purge({ runs: [first] });
    for (;;) {
      if ((await next()).removed.includes(first)) break;
    }
    await stream.return(undefined);
  });
});

describe('two front ends', () => {
  it('see at once what the other one does, and both see all of a run', async () => {
    const { lab, client, open } = await createGatedLab(5);
    const other = await lab.connect();
    const stream = (await other.api.runs.watchAll())[Symbol.asyncIterator]();
    const seen = new Map<string, { readonly name: string; readonly tags: readonly string[] }>();
    const sees = async (isIt: () => boolean) => {
      while (!isIt()) {
        const result = await stream.next();
        if (result.done === true) throw new Error('the stream has ended');
        for (const run of result.value.runs) seen.set(run.id, run);
      }
    };
    const id = await start(client, 10);
    await sees(() => seen.has(id));
    // Both change the same run, twenty times each, all at the same time: nothing is lost.
    const tagWith = (front: HostClient, prefix: string) =>
      Array.from({ length: 20 }, (_, number) => front.api.runs.update({ run: id, addTags: [`${prefix}${number}`] }));
    await Promise.all([...tagWith(client, 'a'), ...tagWith(other, 'b')]);
    await sees(() => seen.get(id)?.tags.length === 40);
    const following = [client, other].map((front) => collect(front.followRun(id)));
    open();
    for (const updates of await Promise.all(following)) expect(iterationsOf(updates)).toEqual(upTo(10));
    await stream.return(undefined);
  });
});

describe('a client that does not read', () => {
  it('costs the host no memory worth speaking of', async () => {
    const { lab, client } = await createGatedLab();
    const id = await start(client, 30_000);
    await collect(client.followRun(id));
    const rss = async () =>
      Number(/VmRSS:\s+(\d+)/.exec(await import('node:fs').then((fs) => fs.readFileSync(`/proc/${lab.pid()}/status`, 'utf8')))![1]) / 1024;
    const before = await rss();
    const { socket } = (await openSocket(readHostInfo(lab.data)!.socket))!;
    socket.pause();
    // A hundred streams of some 7 MB each.
    for (let number = 0; number < 100; number++) {
      socket.send(JSON.stringify({ i: String(number), p: { u: '/runs/watch', b: { json: { run: id, after: 0 } } } }));
    }
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const grown = (await rss()) - before;
    expect(await client.api.runs.get({ run: id })).toMatchObject({ id });
    socket.terminate();
    expect(grown).toBeLessThan(250);
  });
});
