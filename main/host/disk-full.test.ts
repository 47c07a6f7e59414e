import { randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodePng } from '../../core/files/png.ts';
import type { RunSummary } from '../../core/contract/api/runs.ts';
import type { HostClient } from '../host-client/connect-host.ts';
import { readHistory } from '../run-folder/journal-history.ts';
import { readJournal } from '../run-folder/journal-reader.ts';
import { readLockHolder } from '../run-folder/process-lock.ts';
import { createSmallDisk } from '../run-folder/test-support/small-disk.ts';
import { trainWithoutInterruption } from '../trainer/test-support/linear-training.ts';
import { setEnvironment } from './queue/test-support/queue-lab.ts';
import { openLab } from './store/open-lab.ts';
import { openStores } from './store/open-stores.ts';
import { readMigrations, type Migration } from './store/migrations.ts';
import { insertRuns, readAllRuns } from './store/runs.ts';
import { createHostLab, finishJob, linearSpec, until, type HostLab } from './test-support/host-lab.ts';

const megabyte = 2 ** 20;
const disk = createSmallDisk(80 * megabyte);
afterAll(() => disk.remove());
const diskFull = { kind: 'failure', code: 'disk-full', message: expect.stringContaining('the disk is full') };

describe.runIf(disk.isMounted)('a host on a disk that is full', () => {
  const gate = join(disk.folder, 'gate');
  let lab: HostLab;
  let client: HostClient;
  let resetEnvironment: () => void;
  beforeAll(async () => {
    lab = createHostLab(join(disk.folder, 'lab'), 30_000);
    resetEnvironment = setEnvironment({ TEST_GATE_AT: '15', TEST_GATE: gate });
    client = await lab.connect();
  });
  beforeEach(async () => {
    disk.makeSpace();
    rmSync(gate, { force: true });
    await client.api.host.changeSettings({ minimumFreeBytes: 0 });
  });
  afterAll(async () => {
    resetEnvironment();
    disk.makeSpace();
    await lab.remove();
  });

  const spec = linearSpec({ episodes: 40, settings: { checkpointEvery: 10, evaluationEvery: 0, learningRate: 0.01 } });
  const get = (run: string) => client.api.runs.get({ run });
  const begin = async () => {
    const [run] = await client.api.runs.create({ specs: [spec] });
    await until(async () => (await get(run!.id)).iteration === 14);
    return run!;
  };
  const expectExact = async ({ id, folder }: RunSummary) => {
    const losses = await trainWithoutInterruption(spec);
    const { metrics } = readHistory(readJournal(join(folder, 'journal')).records);
    expect(metrics.map(({ values }) => values['loss'])).toEqual(losses);
    const values = await client.api.metrics.values({ run: id, name: 'loss' });
    expect(values.map(({ value }) => value)).toEqual(losses);
  };

  it('refuses what it cannot write, changes nothing by halves, and goes on when there is space', async () => {
    const run = await begin();
    const [next] = await client.api.runs.create({ specs: [spec] });
    const pid = lab.pid();
    disk.fillTo(0);
    await expect(client.api.runs.create({ specs: [spec, spec] })).rejects.toMatchObject(diskFull);
    // What still fits into the log of the database is taken, and then nothing is any more.
    let note = '';
    let refused: unknown;
    for (let time = 1; refused === undefined && time < 200; time++) {
      const longer = String(time).repeat(40_000);
      await client.api.runs.update({ run: run.id, note: longer }).then(
        () => (note = longer),
        (error: unknown) => (refused = error),
      );
    }
    expect(refused).toMatchObject(diskFull);
    const ids = [run.id, next!.id].sort();
    expect((await client.api.runs.list({})).runs.map(({ id }) => id).sort()).toEqual(ids);
    expect((await get(run.id)).note).toBe(note);
    expect(readdirSync(join(lab.data, 'runs')).sort()).toEqual(ids);

    // The trainer meets it, too: with its last word where that fits, or without.
    disk.fillTo(0);
    writeFileSync(gate, '');
    await until(() => readLockHolder(join(run.folder, 'trainer.lock')) === undefined);
    expect((await client.api.runs.list({})).total).toBe(2);
    disk.makeSpace();
    await until(async () => ['failed', 'interrupted'].includes((await get(run.id)).status));
    expect(await get(run.id)).toMatchObject({ reasonCode: 'disk-full', note });
    expect(lab.pid()).toBe(pid);

    await client.api.runs.resume({ run: run.id });
    // What waited begins by itself; or it had begun in the meantime, and met the same.
    const isDone = async ({ id }: RunSummary) => {
      const { status, reasonCode } = await get(id);
      if (reasonCode === 'disk-full') await client.api.runs.resume({ run: id });
      return status === 'finished';
    };
    for (const each of [run, next!]) {
      await until(() => isDone(each));
      await expectExact(each);
    }
  });

  it('pauses a run before that, when it is to keep some space free, and takes it up by itself', async () => {
    const run = await begin();
    await client.api.host.changeSettings({ minimumFreeBytes: 12 * megabyte });
    disk.fillTo(11 * megabyte);
    await until(async () => (await get(run.id)).intent === 'pause');
    writeFileSync(gate, '');
    await until(async () => (await get(run.id)).status === 'paused');
    expect(await get(run.id)).toMatchObject({
      reasonCode: 'disk-low',
      reason: expect.stringMatching(/^paused: only 11\.\d MB are free where the lab lies, and 12\.6 MB are to stay free$/),
    });
    expect((await client.api.host.status()).held).toContain('no run is started: only 11.');
    disk.makeSpace();
    await until(async () => (await get(run.id)).status === 'finished');
    await expectExact(run);
  });

  it('leaves nothing of a data set that does not fit, and imports it when it does', async () => {
    const source = mkdtempSync(join(tmpdir(), 'engram-pictures-'));
    for (let number = 0; number < 20; number++) {
      const pixels = randomFillSync(new Uint8Array(512 * 512));
      writeFileSync(join(source, `${number}.png`), encodePng({ width: 512, height: 512, channels: 1, pixels }));
    }
    // Those that come with Engram are looked at the first time that somebody asks.
    await client.api.datasets.list();
    disk.fillTo(8 * megabyte);
    const before = readdirSync(join(lab.data, 'datasets'));
    const add = async () => finishJob(client, await client.api.datasets.add({ path: source, name: 'pictures', place: 'copy' }));
    expect(await add()).toMatchObject({ state: 'failed', error: diskFull });
    expect(readdirSync(join(lab.data, 'datasets'))).toEqual(before);
    expect((await client.api.datasets.list()).map(({ name }) => name)).not.toContain('pictures');
    disk.makeSpace();
    expect(await add()).toMatchObject({ state: 'done', error: null });
    rmSync(source, { recursive: true });
  });

  it('that was killed there says why it cannot begin, and begins when there is space', async () => {
    const run = await begin();
    process.kill(lab.pid(), 'SIGKILL');
    await lab.gone();
    client.close();
    disk.fillTo(0);
    await expect(lab.connect()).rejects.toMatchObject(diskFull);
    disk.makeSpace();
    writeFileSync(gate, '');
    client = await lab.connect();
    await until(async () => ['failed', 'interrupted', 'finished'].includes((await get(run.id)).status));
    const { status } = await get(run.id);
    if (status !== 'finished') await client.api.runs.resume({ run: run.id });
    await until(async () => (await get(run.id)).status === 'finished');
    await expectExact(run);
  });
});

describe.runIf(disk.isMounted)('a migration on a disk that is full', () => {
  const data = join(disk.folder, 'migrated');
  afterEach(() => rmSync(data, { recursive: true }));
  const next: Migration = {
    version: 9000,
    name: 'makes-much',
    // Some 30 MB.
    text: `CREATE TABLE much (value BLOB NOT NULL) STRICT;
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 300) INSERT INTO much SELECT randomblob(100000) FROM numbers;`,
    sha256: 'of the next version',
  };
  const open = () => openLab(data, [], 'as-left', [...readMigrations('lab'), next]).lab;
  const fill = () => {
    mkdirSync(data, { recursive: true });
    const stores = openStores(data);
    const spec = linearSpec();
    insertRuns(stores.lab, [{ id: 'kept', spec, note: 'x'.repeat(100_000), status: 'finished', slot: 'cpu', createdAtMs: 1 }]);
    stores.close();
  };
  const expectAsBefore = () => {
    const { lab } = openLab(data, [], 'as-left');
    expect(readAllRuns(lab).map(({ id, note }) => [id, note.length])).toEqual([['kept', 100_000]]);
    expect(lab.queryOnce("SELECT name FROM sqlite_schema WHERE name = 'much'", [])).toEqual([]);
    lab.close();
  };

  it.each([
    ['has no room for the copy that is made before', 100_000],
    ['fills up on the way', 15 * megabyte],
  ])('%s: the database is as before, and is migrated when there is space', (_what, left) => {
    fill();
    disk.fillTo(left);
    expect(open).toThrow(expect.objectContaining(diskFull));
    disk.makeSpace();
    expectAsBefore();
    const lab = open();
    expect(lab.queryOnce('SELECT count(*) FROM much', [])).toEqual([[300]]);
    expect(readAllRuns(lab)).toHaveLength(1);
    lab.close();
  });
});
