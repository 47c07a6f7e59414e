import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runsFolder } from '../run-folder/data-folder.ts';
import { listBackups } from './store/backups.ts';
import { damageMarker } from './store/damage-marker.ts';
import { createHostLab, linearSpec, until, type HostLab } from './test-support/host-lab.ts';

let lab: HostLab;
afterEach(() => lab.remove());

/** A lab with a run of so many iterations that they fill a good part of series.db. */
async function createTrainedLab(): Promise<string> {
  lab = createHostLab();
  const client = await lab.connect();
  await client.api.host.changeSettings({ minimumFreeBytes: 0 });
  const [run] = await client.api.runs.create({ specs: [linearSpec({ episodes: 2000 })] });
  await until(async () => (await client.api.runs.get({ run: run!.id })).status === 'finished');
  client.close();
  await lab.gone();
  return run!.id;
}

describe('the housekeeping of a host', () => {
  it('backs lab.db up once a day, also when it leaves soon', async () => {
    await createTrainedLab();
    const [backup, ...more] = listBackups(lab.data);
    expect([existsSync(backup!.file), more]).toEqual([true, []]);
    (await lab.connect()).close();
    await lab.gone();
    expect(listBackups(lab.data)).toEqual([backup]);
  });

  it('finds damage of series.db while nothing trains, says so, and the next host reads the metrics again', async () => {
    const run = await createTrainedLab();
    const path = join(lab.data, 'series.db');
    const bytes = readFileSync(path);
    // Behind the pages that a start reads.
    bytes.fill(0xa5, Math.floor(bytes.length * 0.5), Math.floor(bytes.length * 0.9));
    // As if a day had gone by: SQLite keeps the number of the last check here.
    bytes.writeUInt32BE(0, 60);
    writeFileSync(path, bytes);

    const client = await lab.connect();
    expect((await client.api.host.status()).notices).toEqual([]);
    await until(async () => (await client.api.host.status()).notices.length > 0);
    const { notices } = await client.api.host.status();
    expect(notices).toEqual([expect.stringMatching(/^series\.db is damaged \(.+\); at the next start it is put aside/)]);
    expect(lab.log()).toContain('series.db is damaged');
    expect(existsSync(damageMarker(lab.data))).toBe(true);
    client.close();
    await lab.gone();

    const next = await lab.connect();
    expect((await next.api.host.status()).notices).toEqual([expect.stringContaining('series.db was damaged and is now series.damaged-')]);
    expect(await next.api.metrics.values({ run, name: 'loss' })).toHaveLength(2000);
    expect(existsSync(join(runsFolder(lab.data), run, 'journal'))).toBe(true);
  });
});
