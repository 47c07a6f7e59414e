import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readLockHolder } from './process-lock.ts';
import { acquireRunLock, requireUnlocked } from './run-lock.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engram-lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The number of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['--version']).pid;

it('is held until it is released', () => {
  const lock = acquireRunLock(path);
  expect(readLockHolder(path)?.pid).toBe(process.pid);
  expect(() => acquireRunLock(path)).toThrow(expect.objectContaining({ kind: 'input', code: 'run-busy' }));
  expect(() => requireUnlocked(path)).toThrow(`being trained by process ${process.pid}`);
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
  requireUnlocked(path);
  acquireRunLock(path).release();
});

it('does not outlive its holder', () => {
  writeFileSync(path, JSON.stringify({ pid: deadPid(), host: hostname(), started: '1' }));
  expect(readLockHolder(path)).toBeUndefined();
  acquireRunLock(path).release();
});

it.runIf(process.platform === 'linux')('is not held by another process that got the same number', () => {
  writeFileSync(path, JSON.stringify({ pid: process.pid, host: hostname(), started: '1' }));
  acquireRunLock(path).release();
});

it('is held when the holder is on another machine, where nobody can look', () => {
  writeFileSync(path, JSON.stringify({ pid: deadPid(), host: 'elsewhere', started: '1' }));
  expect(() => acquireRunLock(path)).toThrow(`on elsewhere (if that is not so any more, delete ${path})`);
});

it.each(['', '{', '7', '{"pid":-1,"host":"h","started":""}', '{"pid":"1"}'])('is not held by %j', (content) => {
  writeFileSync(path, content);
  acquireRunLock(path).release();
});

it('is released only by its holder', () => {
  const lock = acquireRunLock(path);
  writeFileSync(path, JSON.stringify({ pid: deadPid(), host: hostname(), started: '1' }));
  lock.release();
  expect(existsSync(path)).toBe(true);
});

it('goes to one of several processes that find a dead holder at the same time', async () => {
  writeFileSync(path, JSON.stringify({ pid: deadPid(), host: hostname(), started: '1' }));
  const go = join(folder, 'go');
  const program = `
    const { existsSync } = await import('node:fs');
    const { acquireRunLock } = await import(${JSON.stringify(new URL('run-lock.ts', import.meta.url).href)});
    console.log('ready');
    while (!existsSync(${JSON.stringify(go)}));
    try { acquireRunLock(${JSON.stringify(path)}); console.log('taken'); } catch (error) { console.log(error.code); }
    process.stdin.resume();`;
  const contenders = Array.from({ length: 4 }, () => spawn(process.execPath, ['--input-type=module', '-e', program]));
  const outputs = contenders.map(() => '');
  const heard = (word: RegExp) =>
    Promise.all(
      contenders.map(
        (child, index) =>
          new Promise<void>((resolve) => {
            const check = () => {
              if (word.test(outputs[index]!)) resolve();
            };
            child.stdout.on('data', (chunk: Buffer) => {
              outputs[index] = `${outputs[index]}${chunk.toString()}`;
              check();
            });
            check();
          }),
      ),
    );
  await heard(/ready/);
  writeFileSync(go, '');
  await heard(/taken|run-busy/);
  const winners = contenders.filter((_, index) => outputs[index]!.includes('taken'));
  expect(winners).toHaveLength(1);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: winners[0]!.pid });
  for (const child of contenders) child.stdin.end();
  await Promise.all(contenders.map((child) => new Promise((resolve) => child.once('exit', resolve))));
});
