import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostStatus } from '../../core/contract/api/lab.ts';
import type { RunSummary } from '../../core/contract/api/runs.ts';
import { hostFiles, readHostInfo } from '../host-client/host-files.ts';
import { createLab, type Lab } from '../trainer/test-support/lab.ts';
import { speakTo, type Speech } from './test-support/speak.ts';

let lab: Lab;
let say: Speech;
beforeAll(() => {
  lab = createLab();
  say = speakTo(lab);
});
afterAll(() => lab.remove());

describe('host', () => {
  it('status and stop start none', async () => {
    const none = { pid: null, dataFolder: lab.data };
    expect(await say.json('host', 'status')).toEqual(none);
    expect(await say.json('host', 'stop')).toEqual(none);
    expect(await say.text('host', 'status')).toBe(`no lab host runs for ${lab.data}; commands that need one start it\n`);
    expect(readdirSync(lab.data)).toEqual([]);
  });

  it('status says who serves the lab; stop ends it', async () => {
    expect(await say.text('runs')).toBe('there are no runs yet; "train" makes one\n');
    const status = await say.json<HostStatus>('host', 'status');
    expect(status).toMatchObject({
      pid: readHostInfo(lab.data)!.pid,
      dataFolder: lab.data,
      running: 0,
      queued: 0,
      held: null,
    });
    expect(await say.text('host', 'status')).toMatch(
      new RegExp(`^process {2}${status.pid}, Engram .*\nlab {6}${lab.data}\nwork {5}0 runs training, 0 waiting, 0 jobs\n`),
    );
    expect(await say.json('host', 'stop')).toEqual({ pid: null, dataFolder: lab.data, stopped: status.pid });
    expect(existsSync(hostFiles(lab.data).lock)).toBe(false);
  });

  it('settings are shown and changed', async () => {
    const before = await say.json<Record<string, unknown>>('host', 'settings');
    expect(before).toMatchObject({ cpuSlots: 1, gpuSlots: 1, resumeInterrupted: false });
    expect(await say.json('host', 'settings', 'cpuSlots=2', 'resumeInterrupted=true')).toEqual({
      ...before,
      cpuSlots: 2,
      resumeInterrupted: true,
    });
    expect(await say.text('host', 'settings')).toMatch(/^gpuSlots +1\ncpuSlots +2\n(.*\n)*resumeInterrupted +true\n/);
    expect(await say.refused('host', 'settings', 'cpuSlots=1', 'gpuSlots=65')).toMatchObject({
      message: 'gpuSlots must be a whole number from 0 to 64, not "65"',
    });
    expect(await say.json('host', 'settings')).toMatchObject({ cpuSlots: 2 });
  });
});

describe('the databases', () => {
  it('are copied, and made anew from the run folders', async () => {
    await lab.run(['train', 'images', '--episodes', '3', '--tag', 'kept', '--name', 'a name']);
    const runs = await say.json<RunSummary[]>('runs');
    const { file, bytes } = await say.json<{ file: string; bytes: number }>('backup');
    expect(readFileSync(file).length).toBe(bytes);
    expect(await say.text('backup')).toMatch(/\.db \(\d+ kB\)\n$/);

    const { putAside } = await say.json<{ putAside: string[] }>('rebuild');
    expect(putAside.every((path) => existsSync(path))).toBe(true);
    expect(putAside).toHaveLength(2);
    expect(await say.json('runs')).toMatchObject(runs.map(({ id, status, name, tags, loss }) => ({ id, status, name, tags, loss })));
    expect(await say.text('rebuild')).toMatch(
      /^rebuilt from the run folders; the databases as they were before:\n\S+lab\.\S+\n\S+series\.\S+\n$/,
    );
  });

  it('that are damaged are put aside, and whoever comes next is told', async () => {
    const [run] = await say.json<RunSummary[]>('runs');
    await say.json('host', 'stop');
    for (const suffix of ['-wal', '-shm']) rmSync(join(lab.data, `lab.db${suffix}`), { force: true });
    writeFileSync(join(lab.data, 'lab.db'), 'no database at all');
    const { code, stdout, stderr } = await lab.run(['show', run!.id]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(run!.id)]);
    expect(stderr).toContain('lab.db was damaged');
    expect((await lab.run(['show', run!.id])).stderr).toBe('');
  });
});
