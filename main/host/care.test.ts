/** What a front end needs to look after the lab: the queue on hold, load, log, backups, and a folder that goes away. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readlinkSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { readHostInfo } from '../host-client/host-files.ts';
import { beginReplacement } from './store/replacement.ts';
import { createHostLab, linearSpec, until, type HostLab } from './test-support/host-lab.ts';

let lab: HostLab;
afterEach(() => lab.remove());

describe('the host', () => {
  it('starts nothing while the queue is on hold, and goes on when it is let go', async () => {
    lab = createHostLab();
    const { api } = await lab.connect();
    await api.host.changeSettings({ minimumFreeBytes: 0, queueHeld: true });
    const [run] = await api.runs.create({ specs: [linearSpec()] });
    expect(await api.host.status()).toMatchObject({ queued: 1, running: 0, held: expect.stringContaining('on hold') });
    await api.host.changeSettings({ queueHeld: false });
    await until(async () => (await api.runs.get({ run: run!.id })).status === 'finished');
    expect((await api.host.status()).held).toBeNull();
  });

  it('leaves though runs wait, when the queue is on hold', async () => {
    lab = createHostLab();
    const client = await lab.connect();
    await client.api.host.changeSettings({ queueHeld: true });
    await client.api.runs.create({ specs: [linearSpec()] });
    client.close();
    await lab.gone();
    expect(lab.log()).toContain('nobody is connected');
  });

  it('tells load, log and backups', async () => {
    lab = createHostLab();
    const { api } = await lab.connect();
    expect((await api.host.load()).cores).toBeGreaterThan(0);
    const { path, entries } = await api.host.log({ lines: 100 });
    expect(path).toContain(lab.data);
    expect(entries.at(-1)).toMatchObject({ level: 'info', message: expect.stringContaining('serving') });
    const { file, bytes } = await api.host.backup();
    expect(await api.host.backups()).toEqual([expect.objectContaining({ file, bytes })]);
  });

  it('has its databases as they were when a host was ended that was making them anew', async () => {
    lab = createHostLab();
    const client = await lab.connect();
    await client.api.host.changeSettings({ minimumFreeBytes: 0, queueHeld: true });
    await client.api.views.save({ name: 'a view', view: { columns: ['loss'] } });
    const [run] = await client.api.runs.create({ specs: [linearSpec()] });
    client.close();
    await lab.gone();
    beginReplacement(lab.data);
    writeFileSync(join(lab.data, 'lab.db'), 'half of a database');
    const { api } = await lab.connect();
    expect((await api.host.status()).notices).toEqual([expect.stringContaining('as they were before')]);
    expect(await api.views.list()).toMatchObject([{ name: 'a view' }]);
    expect(await api.runs.get({ run: run!.id })).toMatchObject({ status: 'queued' });
  });

  it('leaves when its folder is gone, and finds everything when the folder is back', async () => {
    lab = createHostLab();
    const client = await lab.connect();
    await client.api.host.changeSettings({ queueHeld: true });
    const [run] = await client.api.runs.create({ specs: [linearSpec()] });
    const pid = lab.pid();
    renameSync(lab.data, `${lab.data}-away`);
    await until(() => !isAlive(pid));
    renameSync(`${lab.data}-away`, lab.data);
    const again = await lab.connect();
    expect(await again.api.runs.get({ run: run!.id })).toMatchObject({ status: 'queued' });
  });
});

const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux('keeps nothing open of whoever started it', async () => {
  lab = createHostLab();
  mkdirSync(lab.data, { mode: 0o700 });
  const entry = fileURLToPath(new URL('entry.ts', import.meta.url));
  const stranger = openSync(join(lab.data, 'stranger'), 'w');
  // The shell's redirection is inherited, as Chromium's connections are.
  const args = ['--data', lab.data, '--trainer', lab.program.trainerEntry];
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'ignore', 'ignore', stranger, stranger] });
  closeSync(stranger);
  const client = await until(() => readHostInfo(lab.data) !== undefined).then(() => lab.connect());
  const open = readdirSync(`/proc/${child.pid}/fd`).map((name) => linkOf(`/proc/${child.pid}/fd/${name}`));
  expect(open).toContain(join(lab.data, 'lab.db'));
  expect(open).not.toContain(join(lab.data, 'stranger'));
  client.close();
});

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
