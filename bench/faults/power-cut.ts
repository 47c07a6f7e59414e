/**
 * A copy of a lab as a power cut might leave it.
 *
 * Imitated: bytes of files that were not flushed (`fsync`) are gone, all or in part, or are zeros; names in the runs' folders that were not flushed
 * with their folder are there or not, at random, also whole folders; locks are of processes that are no more. Of series.db, whose commits are not
 * flushed one by one, the write-ahead log is cut anywhere behind what SQLite has begun to take over from it; so is every second time that of lab.db,
 * which is harder than a power cut can be: its important commits are flushed. Not imitated: what SQLite flushes (it does so in native code: its
 * files but for the logs are taken as they are), sectors torn in the middle of a database, and renaming undone while the new file's name stays.
 */
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  readSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { identify, type Synced } from './sync-log.ts';

/** Files that are no part of the lab's memory. */
const left = new Set(['cache', 'host.sock', 'host.json']);

export function copyAfterPowerCut(from: string, to: string, synced: Synced): void {
  copyFolder(from, to, synced, false);
}

function copyFolder(from: string, to: string, synced: Synced, isNameAtRisk: boolean): void {
  mkdirSync(to);
  const flushed = synced.names.get(identify(lstatSync(from, { bigint: true })));
  for (const name of readdirSync(from)) {
    if (left.has(name) || name.endsWith('-shm')) continue;
    const [source, target] = [join(from, name), join(to, name)];
    const stat = lstatSync(source, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined || (isNameAtRisk && flushed?.has(name) !== true && flip())) continue;
    if (stat.isDirectory()) copyFolder(source, target, synced, isNameAtRisk || name === 'runs');
    else copyFile(source, target, synced.sizes.get(identify(stat)) ?? 0);
  }
}

function copyFile(source: string, target: string, syncedBytes: number): void {
  copyFileSync(source, target);
  if (/\.lock(\.after-\w+)?$/.test(target)) {
    disown(target);
    return;
  }
  if (target.endsWith('.db')) return;
  if (target.endsWith('-wal')) {
    cutLog(source, target);
    return;
  }
  const { size } = lstatSync(target);
  if (size <= syncedBytes) return;
  const kept = syncedBytes + (flip() ? 0 : Math.floor(Math.random() * (size - syncedBytes + 1)));
  truncateSync(target, kept);
  // Some file systems note the length before they have the content.
  if (Math.random() < 0.25) truncateSync(target, size);
}

/** The copy's locks must not be those of processes that live on this machine. */
function disown(lock: string): void {
  const text = readFileSync(lock, 'utf8');
  writeFileSync(lock, text.replace(/"started":"\d+"/, '"started":"0"'));
}

const logHeaderBytes = 32;
const frameHeaderBytes = 24;

function cutLog(source: string, target: string): void {
  if (target.endsWith('lab.db-wal') && flip()) return;
  const { size } = lstatSync(target);
  if (size <= logHeaderBytes) return;
  const index = Buffer.alloc(136);
  const header = Buffer.alloc(logHeaderBytes);
  readInto(source.replace(/-wal$/, '-shm'), index);
  readInto(target, header);
  const frameBytes = frameHeaderBytes + header.readUInt32BE(8);
  // SQLite flushes the log before it takes anything over from it: what it has taken over, or has begun to, is on the disk.
  const [takenOver, attempted] = [index.readUInt32LE(96), index.readUInt32LE(128)];
  const least = Math.min(size, logHeaderBytes + Math.max(takenOver, attempted) * frameBytes);
  truncateSync(target, least + Math.floor(Math.random() * (size - least + 1)));
}

function readInto(path: string, buffer: Buffer): void {
  const file = openSync(path, 'r');
  try {
    readSync(file, buffer);
  } finally {
    closeSync(file);
  }
}

function flip(): boolean {
  return Math.random() < 0.5;
}
