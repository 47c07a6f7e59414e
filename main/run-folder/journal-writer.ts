/** Appends records to a journal: at most ten writes a second, on the disk within half a second more, never a record cut. */
import { closeSync, copyFileSync, existsSync, fstatSync, fsync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { JournalRecord } from '../../core/contract/journal-records.ts';
import { explainDiskError, requireSpace } from './disk-space.ts';
import { encodeRecord, type JournalPosition } from './journal-format.ts';
import { syncFolderNow } from './sync-folder.ts';

const writeEveryMs = 100;
/** With the time until it is written and the time that the disk takes, a power cut costs less than a second. */
const syncEveryMs = 500;
const lookEveryMs = 500;

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
 * @throws FailureError `disk-full`; the journal is then untouched.
 */
export function openJournal(path: string, position: JournalPosition): JournalWriter {
  try {
    setTornEndAside(path, position.offset);
  } catch (error) {
    throw explainDiskError(error, dirname(path));
  }
  const isNew = !existsSync(path);
  const file = openSync(path, isNew ? 'w+' : 'r+');
  if (isNew) syncFolderNow(dirname(path));
  let { offset, sequence } = position;
  ftruncateSync(file, offset);

  let waiting: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let syncTimer: NodeJS.Timeout | undefined;
  let lastWriteMs = 0;
  let lastSyncMs = performance.now();
  let syncing = false;
  /** Something was written since the last flush to the disk began. */
  let unsynced = false;
  let lookedMs = -Infinity;
  let failure: Error | undefined;

  /** Now and then: what is reserved for the last record must not be used up by those before it. */
  const requireRoom = () => {
    if (performance.now() - lookedMs < lookEveryMs) return;
    lookedMs = performance.now();
    requireSpace(dirname(path), 0, 'the journal');
  };

  const sync = () => {
    if (syncing) return;
    lastSyncMs = performance.now();
    [syncing, unsynced] = [true, false];
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
      unsynced = true;
    }
    if (!unsynced) return;
    if (performance.now() - lastSyncMs >= syncEveryMs) sync();
    // Also when nothing more comes for a while, or the disk is still busy with what came before.
    syncTimer ??= setTimeout(syncLater, syncEveryMs).unref();
  };

  const syncNow = () => {
    flush();
    fsyncSync(file);
    lastSyncMs = performance.now();
    unsynced = false;
  };

  const flushLater = () => {
    try {
      flush();
    } catch (error) {
      failure ??= explainDiskError(error, dirname(path));
    }
  };

  const syncLater = () => {
    syncTimer = undefined;
    flushLater();
  };

  return {
    append(record) {
      waiting.push(encodeRecord(sequence++, record));
      if (failure !== undefined) {
        const thrown = failure;
        failure = undefined;
        throw thrown;
      }
      if (record.type !== 'end') requireRoom();
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
        clearTimeout(syncTimer);
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
