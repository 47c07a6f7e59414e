/** Appends records to a journal: at most ten writes a second, on the disk within another second, never a record cut. */
import { closeSync, copyFileSync, existsSync, fstatSync, fsync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { JournalRecord } from '../../core/contract/journal-records.ts';
import { explainDiskError, requireSpace } from './disk-space.ts';
import { encodeRecord, type JournalPosition } from './journal-format.ts';

const writeEveryMs = 100;
const syncEveryMs = 1000;

export interface JournalWriter {
  /**
   * Takes a record; it is in the file within 100 ms, if the process is not computing, and otherwise with the next record.
   * @throws FailureError `disk-full`, also for a record that was taken before.
   */
  append(record: JournalRecord): void;
  /** Writes what was taken, at once. */
  flush(): void;
  /** Writes what was taken, and returns when the disk has it. */
  sync(): void;
  /** Flushes to the disk and closes. */
  close(): void;
}

/**
 * Opens the journal at `path` for appending at `position`. What lies behind it, a torn end, is copied aside and cut off.
 * The caller holds the run's lock.
 */
export function openJournal(path: string, position: JournalPosition): JournalWriter {
  setTornEndAside(path, position.offset);
  const file = openSync(path, existsSync(path) ? 'r+' : 'w+');
  let { offset, sequence } = position;
  ftruncateSync(file, offset);

  let waiting: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let lastWriteMs = 0;
  let lastSyncMs = performance.now();
  let syncing = false;
  let failure: Error | undefined;

  const sync = () => {
    lastSyncMs = performance.now();
    requireSpace(dirname(path), 0, 'the journal');
    if (syncing) return;
    syncing = true;
    fsync(file, (error) => {
      syncing = false;
      if (error !== null && error.code !== 'EBADF') failure ??= explainDiskError(error, dirname(path));
    });
  };

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length > 0) {
      lastWriteMs = performance.now();
      const bytes = Buffer.from(waiting.join(''));
      try {
        for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written, bytes.length - written, offset + written);
      } catch (error) {
        ftruncateSync(file, offset);
        throw explainDiskError(error, dirname(path));
      }
      offset += bytes.length;
      waiting = [];
    }
    if (performance.now() - lastSyncMs >= syncEveryMs) sync();
  };

  const syncNow = () => {
    flush();
    fsyncSync(file);
    lastSyncMs = performance.now();
  };

  const flushLater = () => {
    try {
      flush();
    } catch (error) {
      failure ??= explainDiskError(error, dirname(path));
    }
  };

  return {
    append(record) {
      waiting.push(encodeRecord(sequence++, record));
      if (failure !== undefined) {
        const thrown = failure;
        failure = undefined;
        throw thrown;
      }
      if (performance.now() - lastWriteMs >= writeEveryMs) flush();
      else timer ??= setTimeout(flushLater, writeEveryMs).unref();
    },
    flush,
    sync: syncNow,
    close() {
      try {
        syncNow();
      } finally {
        clearTimeout(timer);
        closeSync(file);
      }
    },
  };
}

function setTornEndAside(path: string, offset: number): void {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  const size = fstatSync(file).size;
  closeSync(file);
  if (size <= offset) return;
  let copy = 1;
  while (existsSync(`${path}.torn-${copy}`)) copy++;
  copyFileSync(path, `${path}.torn-${copy}`);
}
