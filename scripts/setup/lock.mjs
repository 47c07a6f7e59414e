// One set-up at a time: two commands started together on a fresh machine must not download or build twice.

import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJson } from './files.mjs';
import { say } from './report.mjs';

const foreignLockExpiresMs = 60 * 60_000;
// Between making the file and writing it lies a moment.
const unwrittenExpiresMs = 2000;

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
  while (!tryTake(file)) {
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
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function tryTake(file) {
  try {
    writeFileSync(file, JSON.stringify({ pid: process.pid, host: hostname() }), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @param {string} file
 * @returns {{pid: number, host: string} | null}
 */
function readHolder(file) {
  return /** @type {{pid: number, host: string} | null} */ (readJson(file));
}

/**
 * @param {{pid: number, host: string} | null} holder
 * @param {string} file
 */
function isAlive(holder, file) {
  const ageMs = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (holder === null) return ageMs < unwrittenExpiresMs;
  // A process number says nothing about another machine that shares the cache: there only age counts.
  if (holder.host !== hostname()) return ageMs < foreignLockExpiresMs;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
