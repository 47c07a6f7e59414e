import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './lock.mjs';

/** @type {string} */ let folder;
/** @type {string} */ let lock;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'engram-lock-'));
  lock = path.join(folder, 'setup.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('one works at a time, however many come at once, also after a holder that died', async () => {
  writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), started: '5', token: 'dead' }));
  let [working, most, done] = [0, 0, 0];
  const work = async () => {
    most = Math.max(most, ++working);
    await sleep(20);
    working--;
    done++;
  };
  await Promise.all(Array.from({ length: 4 }, () => withLock(lock, work)));
  expect([most, done, existsSync(lock)]).toEqual([1, 4, false]);
});

test.runIf(process.platform === 'linux')('a process that has the number of a dead holder does not keep the lock', async () => {
  writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname(), started: '1', token: 'of before' }));
  expect(await withLock(lock, () => Promise.resolve('worked'))).toBe('worked');
});

test('what somebody else has taken meanwhile is left alone', async () => {
  await withLock(lock, () => {
    writeFileSync(lock, '{"pid": 1, "host": "elsewhere", "token": "theirs"}');
    return Promise.resolve();
  });
  expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ token: 'theirs' });
});
