import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findNewestCheckpoint, writeCheckpoint } from '../run-folder/checkpoints.ts';
import { reserveBytes } from '../run-folder/disk-space.ts';
import { journalStart } from '../run-folder/journal-format.ts';
import { readJournal } from '../run-folder/journal-reader.ts';
import { openJournal } from '../run-folder/journal-writer.ts';
import { createSmallDisk } from '../run-folder/test-support/small-disk.ts';
import { createLab, historyOf, lossesOf, parseEvents } from './test-support/lab.ts';

const smallDisk = createSmallDisk(reserveBytes + 16 * 2 ** 20);
const { folder: disk, fillTo, makeSpace } = smallDisk;
afterAll(() => smallDisk.remove());

describe.runIf(smallDisk.isMounted)('a full disk', () => {
  it('stops a run cleanly, its last checkpoint intact; with space the run goes on', async () => {
    const lab = createLab({ data: join(disk, 'lab') });
    const gate = join(disk, 'gate');
    const gated = { TEST_GATE_AT: '15', TEST_GATE: gate };
    // The guard would not even begin on so small a disk.
    await lab.run(['host', 'settings', 'minimumFreeBytes=0'], gated);
    const train = ['train', 'images', '--json', '--episodes', '40', '--set', 'checkpointEvery=10', '--set', 'evaluationEvery=0'];
    const cli = lab.start(train, gated);
    await cli.until(({ event, iteration }) => event === 'metrics' && iteration === 14);
    fillTo(reserveBytes / 2);
    writeFileSync(gate, '');
    const { code, stdout } = await cli.ended;
    expect(code).toBe(1);
    const error = parseEvents(stdout).at(-1)!;
    expect(error).toMatchObject({ event: 'error', code: 'disk-full', message: expect.stringContaining('the disk is full') });
    expect(error['message']).toContain('the last checkpoint is good: checkpoints/000000010.safetensors');
    const run = lab.runs()[0]!;
    expect(historyOf(run).end).toMatchObject({ status: 'failed', error: { code: 'disk-full' } });
    expect(readdirSync(run.checkpoints)).toEqual(['000000010.safetensors']);

    makeSpace();
    expect((await lab.run(['resume', 'last', '--json'])).code).toBe(0);
    expect(lossesOf(run)).toHaveLength(40);
    await lab.remove();
  });

  it('never cuts a record: what does not fit is not there at all', () => {
    const path = join(disk, 'journal');
    const journal = openJournal(path, journalStart);
    journal.append({ type: 'log', atMs: 1, level: 'info', message: 'fits' });
    fillTo(0);
    const long = { type: 'log', atMs: 1, level: 'info', message: 'x'.repeat(2 * 2 ** 20) } as const;
    expect(() => {
      journal.append(long);
      journal.flush();
    }).toThrow(expect.objectContaining({ kind: 'failure', code: 'disk-full' }));
    expect(readJournal(path)).toMatchObject({ records: [{ message: 'fits' }] });
    expect(readJournal(path).problem).toBeUndefined();
    makeSpace();
    journal.flush();
    expect(readJournal(path).records).toHaveLength(2);
    journal.close();
  });

  it('leaves what is reserved for the last record to the last record', () => {
    const journal = openJournal(join(disk, 'reserved'), journalStart);
    fillTo(reserveBytes / 2);
    expect(() => journal.append({ type: 'log', atMs: 1, level: 'info', message: '' })).toThrow(
      expect.objectContaining({ code: 'disk-full' }),
    );
    const end = {
      type: 'end',
      atMs: 1,
      iteration: 0,
      episodes: 0,
      status: 'failed',
      seconds: 0,
      episodesPerSecond: 0,
      peakRssBytes: 1,
    } as const;
    journal.append(end);
    journal.close();
    expect(readJournal(join(disk, 'reserved')).records.at(-1)).toEqual(end);
    makeSpace();
  });

  it('leaves the checkpoints before as they are', async () => {
    const folder = join(disk, 'checkpoints');
    const checkpointAt = (iteration: number) => ({
      saved: {
        arrays: { w: { dtype: 'F32', shape: [3], data: new Float32Array(3) } as const },
        state: { iteration, episodes: 1, opaque: null },
      },
      seconds: 1,
    });
    await writeCheckpoint(folder, checkpointAt(1));
    fillTo(reserveBytes - 64 * 1024);
    await expect(writeCheckpoint(folder, checkpointAt(2))).rejects.toMatchObject({ code: 'disk-full' });
    expect((await findNewestCheckpoint(folder)).checkpoint?.saved.state.iteration).toBe(1);
    expect(readdirSync(folder)).toEqual(['000000001.safetensors']);
  });
});
