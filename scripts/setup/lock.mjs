// One set-up at a time: two commands started together on a fresh machine must not download or build twice.

import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJson } from './files.mjs';
import { say } from './report.mjs';

const foreignLockExpiresMs = 60 * 60_000;
// Between making the file and writing it lies a moment.
const unwrittenExpiresMs = 2000;
// Two that find the same dead holder may each remove what they find, the second one the lock of the first: this is longer than between looking and removing.
const certainAfterMs = 100;

/**
 * Runs the work while holding the lock file; waits for another living holder, takes over from a dead one.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  mkdirSync(path.dirname(file), { recursive: true });
  let told = false;
  const token = randomUUID();
  while (!(await tryTake(file, token))) {
    const holder = readHolder(file);
    if (!isAlive(holder, file)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) say(`another set-up${holder ? ` (process ${holder.pid})` : ''} is at work; waiting for it`);
    told = true;
    await sleep(500);
  }
  try {
    return await work();
  } finally {
    if (readHolder(file)?.token === token) rmSync(file, { force: true });
  }
}

/**
 * @param {string} file
 * @param {string} token
 */
async function tryTake(file, token) {
  try {
    const holder = { pid: process.pid, host: hostname(), started: startOf(process.pid), token };
    writeFileSync(file, JSON.stringify(holder), { flag: 'wx' });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
  await sleep(certainAfterMs);
  return readHolder(file)?.token === token;
}

/** @typedef {{pid: number, host: string, started?: string, token?: string}} Holder `started` tells a process from a later one of the same number */

/**
 * @param {string} file
 * @returns {Holder | null}
 */
const readHolder = (file) => /** @type {Holder | null} */ (readJson(file));

/**
 * @param {Holder | null} holder
 * @param {string} file
 */
function isAlive(holder, file) {
  const ageMs = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (holder === null) return ageMs < unwrittenExpiresMs;
  // A process number says nothing about another machine that shares the cache: there only age counts.
  if (holder.host !== hostname()) return ageMs < foreignLockExpiresMs;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPERM') return false;
  }
  return holder.started === startOf(holder.pid);
}

/**
 * On Linux the clock tick at which a process began; nothing where the system does not say.
 * @param {number} pid
 */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
