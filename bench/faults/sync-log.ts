/**
 * Which bytes and names the disk has for certain: each flush of a file or folder through Node is written down, before the caller goes on.
 *
 * A file is known by its inode and time of birth, so that it stays known when it is renamed. SQLite flushes in native code, which this does not see.
 */
import fs, { appendFileSync, readdirSync, readFileSync, type BigIntStats } from 'node:fs';
import promises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

interface FileEntry {
  readonly atMs: number;
  readonly file: string;
  /** Bytes that are on the disk. */
  readonly size: number;
}

interface FolderEntry {
  readonly atMs: number;
  readonly folder: string;
  /** Names that are on the disk. */
  readonly names: readonly string[];
}

/** Until the process ends. */
export function logSyncs(logFolder: string): void {
  const path = join(logFolder, `${process.pid}`);
  const write = (entry: FileEntry | FolderEntry) => appendFileSync(path, `${JSON.stringify(entry)}\n`);
  /** As it is before the flush: what is written meanwhile may come too late. */
  const look = (descriptor: number): FileEntry | FolderEntry => {
    const stat = fs.fstatSync(descriptor, { bigint: true });
    const atMs = Date.now();
    if (!stat.isDirectory()) return { atMs, file: identify(stat), size: Number(stat.size) };
    return { atMs, folder: identify(stat), names: readdirSync(`/proc/self/fd/${descriptor}`) };
  };

  const { fsyncSync, fsync, ftruncateSync } = fs;
  fs.fsyncSync = (descriptor) => {
    const entry = look(descriptor);
    fsyncSync(descriptor);
    write(entry);
  };
  fs.fsync = Object.assign(
    (descriptor: number, done: fs.NoParamCallback) => {
      const entry = look(descriptor);
      fsync(descriptor, (error) => {
        if (error === null) write(entry);
        done(error);
      });
    },
    { __promisify__: fsync.__promisify__ },
  );
  // What is written behind a cut is new, however much was flushed there before.
  fs.ftruncateSync = (descriptor, length) => {
    ftruncateSync(descriptor, length);
    const stat = fs.fstatSync(descriptor, { bigint: true });
    write({ atMs: Date.now(), file: identify(stat), size: length ?? 0 });
  };
  const { open } = promises;
  promises.open = async (...args) => {
    const handle = await open(...args);
    const sync = handle.sync.bind(handle);
    handle.sync = async () => {
      const entry = look(handle.fd);
      await sync();
      write(entry);
    };
    return handle satisfies FileHandle;
  };
  syncBuiltinESMExports();
}

export function identify({ ino, birthtimeNs }: BigIntStats): string {
  return `${ino}-${birthtimeNs}`;
}

export interface Synced {
  readonly sizes: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What all processes have flushed so far. */
export function readSyncs(logFolder: string): Synced {
  const lines = readdirSync(logFolder).flatMap((log) => readFileSync(join(logFolder, log), 'utf8').split('\n').slice(0, -1));
  const entries = lines.map((line) => JSON.parse(line) as FileEntry | FolderEntry).sort((a, b) => a.atMs - b.atMs);
  const sizes = new Map<string, number>();
  const names = new Map<string, Set<string>>();
  for (const entry of entries) {
    if ('file' in entry) sizes.set(entry.file, entry.size);
    else names.set(entry.folder, new Set(entry.names));
  }
  return { sizes, names };
}
