import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { connectHost } from '../host-client/connect-host.ts';
import { hostFiles, readHostInfo } from '../host-client/host-files.ts';
import { hostExitCodes } from '../host-client/protocol.ts';
import { openSql } from './store/sql.ts';
import { createHostLab, linearSpec, until, type HostLab } from './test-support/host-lab.ts';

const hostEntry = fileURLToPath(new URL('entry.ts', import.meta.url));
const labs: HostLab[] = [];
const createLab = (...args: Parameters<typeof createHostLab>) => {
  const lab = createHostLab(...args);
  labs.push(lab);
  return lab;
};
afterEach(async () => {
  for (const lab of labs.splice(0)) await lab.remove();
});

describe('the host of a data folder', () => {
  it('is started by whoever comes first, and is the same for all', async () => {
    const lab = createLab();
    const clients = await Promise.all([lab.connect(), lab.connect(), lab.connect()]);
    const statuses = await Promise.all(clients.map(({ api }) => api.host.status()));
    expect(new Set(statuses.map(({ pid }) => pid))).toEqual(new Set([lab.pid()]));
    expect(statuses[0]).toMatchObject({ dataFolder: lab.data, running: 0, queued: 0, held: null });
    expect(Math.max(...statuses.map(({ connections }) => connections))).toBe(3);
  });

  it('is one: a second process says who has the lab', async () => {
    const lab = createLab();
    await lab.connect();
    const second = spawn(process.execPath, [hostEntry, '--data', lab.data, '--trainer', lab.program.trainerEntry]);
    let said = '';
    second.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(second, 'close')) as [number];
    expect(code).toBe(hostExitCodes.alreadyRunning);
    expect(JSON.parse(said)).toMatchObject({ error: { code: 'host-running', message: expect.stringContaining(`process ${lab.pid()}`) } });
  });

  it('leaves when nobody is connected and nothing runs, and takes its files with it', async () => {
    const lab = createLab();
    const client = await lab.connect();
    const { socket } = readHostInfo(lab.data)!;
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect((await client.api.host.status()).connections).toBe(1);
    client.close();
    await lab.gone();
    expect([hostFiles(lab.data).info, socket].filter(existsSync)).toEqual([]);
    expect(lab.log()).toContain('nobody is connected');
  });

  it('stays for a run that nobody watches, and leaves after it', async () => {
    const lab = createLab();
    const client = await lab.connect();
    await client.api.host.changeSettings({ minimumFreeBytes: 0 });
    const [run] = await client.api.runs.create({ specs: [linearSpec({ episodes: 300 })] });
    client.close();
    await lab.gone();
    const again = await lab.connect();
    expect(await again.api.runs.get({ run: run!.id })).toMatchObject({ status: 'finished', episodes: 300 });
  });

  it('leaves in order when the system asks it to, and the next call starts another one', async () => {
    const lab = createLab();
    const client = await lab.connect();
    const pid = lab.pid();
    process.kill(pid, 'SIGTERM');
    await until(() => readHostInfo(lab.data) === undefined);
    const status = await client.api.host.status().catch(() => client.api.host.status());
    expect(status.pid).not.toBe(pid);
    expect(lab.log()).toContain('leaving: SIGTERM');
  });

  it('takes the place of one that was killed and left its socket', async () => {
    const lab = createLab();
    const client = await lab.connect();
    const pid = lab.pid();
    process.kill(pid, 'SIGKILL');
    await lab.gone();
    expect(existsSync(hostFiles(lab.data).socket)).toBe(true);
    // Whether it was alive when the question went off, a client cannot know.
    const status = await client.api.host.status().catch(() => client.api.host.status());
    expect(status.pid).not.toBe(pid);
  });

  it('takes the place of one whose number another process has by now, and passes over what is left of its socket', async () => {
    const lab = createLab();
    mkdirSync(lab.data, { mode: 0o700 });
    const { lock, info, socket } = hostFiles(lab.data);
    writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname(), started: 'before' }));
    writeFileSync(info, JSON.stringify({ pid: process.pid, socket, version: '0.0.1', contract: 1, startedAtMs: 1 }));
    writeFileSync(socket, 'no socket');
    const client = await lab.connect();
    expect((await client.api.host.status()).pid).not.toBe(process.pid);
    expect(readdirSync(lab.data).filter((name) => name.startsWith('host.lock'))).toEqual(['host.lock']);
  });

  it('does not take the place of one on another machine, and says what can be done', async () => {
    const lab = createLab();
    mkdirSync(lab.data, { mode: 0o700 });
    const { lock } = hostFiles(lab.data);
    writeFileSync(lock, JSON.stringify({ pid: 7, host: 'elsewhere', started: '1' }));
    const second = spawn(process.execPath, [hostEntry, '--data', lab.data, '--trainer', lab.program.trainerEntry]);
    const said = text(second.stdout);
    await once(second, 'close');
    const message = `the lab in ${lab.data} is served by process 7 on elsewhere already; if there is no such machine any more, remove ${lock}`;
    expect(JSON.parse(await said)).toMatchObject({ error: { code: 'host-running', message } });
    rmSync(lock);
  });

  it('stops when asked to', async () => {
    const lab = createLab();
    const client = await lab.connect();
    expect(await client.api.host.stop()).toEqual({ stopping: true });
    await lab.gone();
  });

  it('is not started by a client that says so', async () => {
    const lab = createLab();
    await expect(connectHost(lab.data)).rejects.toMatchObject({ code: 'no-host' });
    expect(existsSync(lab.data)).toBe(false);
  });

  it('serves a folder whose path is too long for a socket from a private folder for temporary files', async () => {
    const lab = createLab(join(mkdtempSync(join(tmpdir(), 'engram-host-')), 'long-'.repeat(25)));
    await lab.connect();
    const { socket } = readHostInfo(lab.data)!;
    expect(socket.startsWith(lab.data)).toBe(false);
    expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(100);
    expect(statSync(join(socket, '..')).mode & 0o077).toBe(0);
  });
});

describe('a host that cannot begin says why', () => {
  it('when the database is of a newer version', async () => {
    const lab = createLab();
    (await lab.connect()).close();
    await lab.gone();
    const database = openSql(join(lab.data, 'lab.db'), 'full');
    database.exec("UPDATE migrations SET version = 9990, name = 'from-the-future' WHERE version = (SELECT max(version) FROM migrations)");
    database.close();
    await expect(lab.connect()).rejects.toMatchObject({ kind: 'failure', code: 'database-newer' });
  });

  it('when the folder cannot be written', async () => {
    await expect(createLab('/proc/engram').connect()).rejects.toMatchObject({ kind: 'input', code: 'data-folder-not-writable' });
    labs.pop();
  });

  it('when its process ends without a word', async () => {
    const lab = createLab();
    mkdirSync(join(lab.data, 'lab.db'), { recursive: true });
    await expect(lab.connect()).rejects.toMatchObject({ kind: 'failure' });
  });
});

describe('a host of another version', () => {
  /** The lab's host, which says that it speaks another contract: a process that patches what it sends at the beginning. */
  const pretend = async (lab: HostLab) => {
    await lab.connect().then((client) => client.close());
    await lab.gone();
    const patch = join(lab.data, 'patch.mjs');
    const protocol = new URL('../../core/contract/api/index.ts', import.meta.url).href;
    writeFileSync(
      patch,
      `import { registerHooks } from 'node:module';
       registerHooks({ load: (url, context, next) => {
         const loaded = next(url, context);
         if (url !== '${protocol}') return loaded;
         return { ...loaded, source: String(loaded.source).replace('contractVersion = 1', 'contractVersion = 999') };
       } });`,
    );
    const args = ['--import', patch, hostEntry, '--data', lab.data, '--trainer', lab.program.trainerEntry, '--idle-ms', '60000'];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    await until(() => readHostInfo(lab.data) !== undefined);
    expect(readHostInfo(lab.data)).toMatchObject({ contract: 999, pid: child.pid });
    return child;
  };

  it('gives way when it is idle', async () => {
    const lab = createLab();
    const other = await pretend(lab);
    const client = await lab.connect();
    const { pid, contract } = await client.api.host.status();
    expect(contract).toBe(1);
    expect(pid).not.toBe(other.pid);
  });

  it('is left alone when it is needed', async () => {
    const lab = createLab();
    await pretend(lab);
    const { openSocket } = await import('../host-client/open-socket.ts');
    const opened = await openSocket(readHostInfo(lab.data)!.socket);
    await expect(lab.connect()).rejects.toMatchObject({ code: 'host-other-version', message: expect.stringContaining('1 other client') });
    opened?.socket.close();
  });
});
