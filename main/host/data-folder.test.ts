/** Who may do what with the data folder, and what the host does about it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { connectHost } from '../host-client/connect-host.ts';
import { hostFiles, readHostInfo } from '../host-client/host-files.ts';
import { createHostLab, linearSpec, type HostLab } from './test-support/host-lab.ts';

const labs: HostLab[] = [];
const createLab = (...args: Parameters<typeof createHostLab>) => {
  const lab = createHostLab(...args);
  labs.push(lab);
  return lab;
};
afterEach(async () => {
  for (const lab of labs.splice(0)) await lab.remove();
});

const asNobody = process.getuid?.() === 0 ? it : it.skip;
if (process.getuid?.() !== 0) console.warn('skipping the tests with processes of another user: only root can start them');
const nobody = { uid: 65534, gid: 65534 };

/** What `script` writes, run by another user. */
async function sayAsNobody(script: string): Promise<string> {
  // The program itself may lie where only its owner can go.
  const place = mkdtempSync(join(tmpdir(), 'engram-node-'));
  chmodSync(place, 0o755);
  const node = join(place, 'node');
  copyFileSync(process.execPath, node);
  chmodSync(node, 0o755);
  try {
    const child = spawn(node, ['-e', script], { ...nobody, cwd: '/', env: {} });
    const said = text(child.stdout);
    await once(child, 'close');
    return await said;
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** Tries everything there is to try; writes what it could do. */
const intrude = (data: string, socket: string) => `
  const fs = require('node:fs');
  const done = [];
  const attempt = (what, act) => { try { act(); done.push(what); } catch {} };
  const data = ${JSON.stringify(data)};
  const names = ['lab.db', 'series.db', 'host.json', 'host.lock', 'host.log', 'runs', 'backups'];
  attempt('list', () => fs.readdirSync(data));
  for (const name of names) attempt('read ' + name, () => fs.statSync(data + '/' + name).isDirectory() ? fs.readdirSync(data + '/' + name) : fs.readFileSync(data + '/' + name));
  attempt('put', () => fs.writeFileSync(data + '/runs/intruder', ''));
  attempt('replace', () => fs.renameSync(data + '/host.json', data + '/moved'));
  require('node:net').connect(${JSON.stringify(socket)})
    .on('connect', function () { done.push('connect'); this.destroy(); })
    .on('error', ({ code }) => done.push(code))
    .on('close', () => process.stdout.write(done.join()));`;

describe('other users', () => {
  asNobody('can neither connect nor read anything', async () => {
    const lab = createLab();
    chmodSync(join(lab.data, '..'), 0o755);
    const client = await lab.connect();
    await client.api.runs.create({ specs: [linearSpec()] });
    expect(statSync(lab.data).mode & 0o777).toBe(0o700);
    expect(await sayAsNobody(intrude(lab.data, hostFiles(lab.data).socket))).toBe('EACCES');
    // Even where the folder itself is open, what the host makes is not.
    chmodSync(lab.data, 0o755);
    const { socket, log, info, lock } = hostFiles(lab.data);
    for (const path of [socket, log, info, lock, join(lab.data, 'lab.db'), join(lab.data, 'series.db'), ...runFolders(lab.data)])
      expect([path, statSync(path).mode & 0o077]).toEqual([path, 0]);
    expect(await sayAsNobody(intrude(lab.data, socket))).toMatch(/^list(,read runs)?,EACCES$/);
  });

  asNobody('cannot connect to a socket among the temporary files either', async () => {
    const lab = createLab(join(mkdtempSync(join(tmpdir(), 'engram-host-')), 'long-'.repeat(25)));
    chmodSync(join(lab.data, '..'), 0o755);
    await lab.connect();
    expect(await sayAsNobody(intrude(lab.data, readHostInfo(lab.data)!.socket))).toBe('EACCES');
  });

  asNobody('are told whose lab it is, and change nothing', async () => {
    const lab = createLab();
    const client = await lab.connect();
    chmodSync(join(lab.data, '..'), 0o755);
    // The socket is within reach, and closed.
    chmodSync(lab.data, 0o755);
    chmodSync(hostFiles(lab.data).info, 0o644);
    process.seteuid!(nobody.uid);
    try {
      await expect(connectHost(lab.data, lab.program)).rejects.toMatchObject({ kind: 'failure', code: 'host-not-yours' });
      await expect(connectHost(`${lab.data}/runs/below`, lab.program)).rejects.toMatchObject({ code: 'data-folder-not-writable' });
    } finally {
      process.seteuid!(0);
    }
    expect((await client.api.host.status()).connections).toBe(1);
  });

  asNobody('who own the folder could put files in place of the lab’s: it is refused', async () => {
    const lab = createLab();
    mkdirSync(lab.data);
    chownSync(lab.data, nobody.uid, nobody.gid);
    chmodSync(lab.data, 0o777);
    await expect(lab.connect()).rejects.toMatchObject({
      kind: 'input',
      code: 'data-folder-unsafe',
      message: expect.stringContaining('mode 0777'),
    });
    expect(existsSync(join(lab.data, 'lab.db'))).toBe(false);
  });
});

const runFolders = (data: string) => readdirSync(join(data, 'runs')).map((id) => join(data, 'runs', id));

describe.runIf(process.platform !== 'win32')('a data folder that is there with wider rights', () => {
  it.each(['755', '777', '2775'])('(%s) is closed to others, and the host says so', async (mode) => {
    const lab = createLab();
    mkdirSync(lab.data);
    chmodSync(lab.data, Number.parseInt(mode, 8));
    const client = await lab.connect();
    expect(statSync(lab.data).mode & 0o777).toBe(0o700);
    expect((await client.api.host.status()).notices).toEqual([expect.stringContaining('was open to other users (mode 0')]);
  });

  it('is left as it is where it is everybody’s place for files, or a home; the files are closed', async () => {
    const everybodys = createLab();
    mkdirSync(everybodys.data);
    chmodSync(everybodys.data, 0o1777);
    const home = createLab();
    mkdirSync(home.data);
    chmodSync(home.data, 0o755);
    vi.stubEnv('HOME', home.data);
    try {
      for (const [lab, mode] of [
        [everybodys, 0o777],
        [home, 0o755],
      ] as const) {
        await lab.connect();
        expect(statSync(lab.data).mode & 0o777).toBe(mode);
        expect(statSync(join(lab.data, 'lab.db')).mode & 0o077).toBe(0);
      }
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

const disk = mkdtempSync(join(tmpdir(), 'engram-read-only-'));
const mounted = process.platform === 'linux' && spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk]).status === 0;
if (!mounted) console.warn('skipping the test of a disk that cannot be written: a small file system cannot be mounted here');
afterAll(() => {
  if (mounted) spawnSync('/bin/umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
});

describe.runIf(mounted)('a data folder on a disk that cannot be written', () => {
  it('is refused with the reason, and serves again once it can', async () => {
    const lab = createLab(join(disk, 'lab'));
    const client = await lab.connect();
    await client.api.host.changeSettings({ minimumFreeBytes: 0, cpuSlots: 0 });
    const [run] = await client.api.runs.create({ specs: [linearSpec()] });
    client.close();
    await client.api.host.stop().catch(() => {});
    await lab.gone();
    const remount = (how: string) => expect(spawnSync('/bin/mount', ['-o', `remount,${how}`, disk]).status).toBe(0);
    await vi.waitFor(() => remount('ro'), 10_000);
    const refused = lab.connect();
    await expect(refused).rejects.toMatchObject({ kind: 'input', code: 'data-folder-not-writable' });
    await expect(refused).rejects.toThrow('(EROFS)');
    remount('rw');
    expect((await (await lab.connect()).api.runs.get({ run: run!.id })).status).toBe('queued');
  });
});
