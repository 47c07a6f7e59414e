/** Walks the files of a .tar or .tar.gz without writing anything to disk, within limits that stop bombs. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import tar from 'tar-stream';
import { EngramError, InputError } from '../../core/contract/errors.ts';
import { checkEntryPath } from './archive-paths.ts';
import { follow, unfollowed, type Reading } from './reading.ts';

/** CIFAR-10 takes 186 MB, its largest file 31 MB (or 154 MB with all training batches in one). */
export interface ArchiveLimits {
  readonly totalBytes: number;
  readonly entryBytes: number;
  readonly entries: number;
}
const defaultLimits: ArchiveLimits = { totalBytes: 512 * 2 ** 20, entryBytes: 256 * 2 ** 20, entries: 10_000 };

export interface ArchiveEntry {
  /** Checked: relative, without `..`. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly content: AsyncIterable<Uint8Array>;
}

type Compression = 'gzip' | 'none';

/**
 * Calls `visit` for each regular file, in the archive's order; what it leaves unread of `content` is skipped.
 * @throws InputError `dataset-format` when the file is no such archive, `dataset-truncated`, `dataset-corrupted`, `dataset-archive-path` for an entry
 * that climbs out or a link, `dataset-too-large` beyond the limits; and whatever `visit` throws.
 */
export async function readTarArchive(
  path: string,
  visit: (entry: ArchiveEntry) => Promise<void>,
  { limits = defaultLimits, reading = unfollowed }: { readonly limits?: ArchiveLimits; readonly reading?: Reading } = {},
): Promise<void> {
  const compression = await detectCompression(path);
  const extract = tar.extract();
  let inflatedBytes = 0;
  const limited = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      inflatedBytes += chunk.length;
      if (inflatedBytes > limits.totalBytes) throw tooLarge(path, `inflates to more than ${megabytes(limits.totalBytes)}`);
      yield chunk;
    }
  };
  const progress = { entries: 0 };
  const source = Readable.from(follow(createReadStream(path), reading));
  const feeding = compression === 'gzip' ? pipeline(source, createGunzip(), limited, extract) : pipeline(source, limited, extract);
  const [walked, fed] = await Promise.allSettled([walk(path, extract, visit, limits, progress), feeding]);

  // The walk's own errors come first: they end the feeding, which then complains of a closed stream.
  const errors = [walked, fed].flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const error = errors.find((reason) => reason instanceof EngramError) ?? errors.find((reason) => !isPrematureClose(reason)) ?? errors[0];
  if (error !== undefined) throw explain(path, error, compression, progress.entries);
}

async function walk(
  path: string,
  extract: tar.Extract,
  visit: (entry: ArchiveEntry) => Promise<void>,
  limits: ArchiveLimits,
  progress: { entries: number },
): Promise<void> {
  for await (const entry of extract) {
    const { name, type, size } = entry.header;
    progress.entries++;
    if (progress.entries > limits.entries) throw tooLarge(path, `has more than ${limits.entries} entries`);
    checkEntry(path, name, type);
    if (size > limits.entryBytes)
      throw tooLarge(path, `has an entry, ${JSON.stringify(name)}, of more than ${megabytes(limits.entryBytes)}`);
    if (type === 'file' || type === 'contiguous-file') await visit({ path: name, sizeBytes: size, content: bytesOf(entry) });
    entry.resume();
  }
}

async function* bytesOf(chunks: AsyncIterable<unknown>): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) if (chunk instanceof Uint8Array) yield chunk;
}

function checkEntry(path: string, name: string, type: string | null | undefined): void {
  checkEntryPath(path, name);
  if (type !== 'file' && type !== 'contiguous-file' && type !== 'directory') {
    throw new InputError(
      'dataset-archive-path',
      `${path} has an entry, ${JSON.stringify(name)}, of type ${String(type)}; only files and folders are read`,
    );
  }
}

async function detectCompression(path: string): Promise<Compression> {
  const file = await open(path);
  const start = new Uint8Array(512);
  const { bytesRead } = await file.read(start, 0, start.length, 0).finally(() => file.close());
  if (bytesRead === 0) throw new InputError('dataset-format', `${path} is empty`);
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  if (Buffer.from(start.subarray(257, 262)).toString('latin1') === 'ustar') return 'none';
  throw new InputError(
    'dataset-format',
    `${path} is ${describeKind(start)}, not a .tar.gz archive; CIFAR-10 as .tar.gz, its folder, or a folder of PNG and JPEG files can be read`,
  );
}

function describeKind(start: Uint8Array): string {
  const kinds: readonly (readonly [magic: string, name: string])[] = [
    ['PK', 'a zip archive'],
    ['BZh', 'a bzip2 file'],
    ['\xfd7zXZ', 'an xz file'],
    ['\x28\xb5\x2f\xfd', 'a zstd file'],
    ['7z\xbc\xaf', 'a 7-Zip archive'],
    ['\x89PNG', 'a single PNG file'],
    ['\xff\xd8\xff', 'a single JPEG file'],
    ['\x80\x02', 'a single pickle'],
  ];
  const text = Buffer.from(start).toString('latin1');
  return kinds.find(([magic]) => text.startsWith(magic))?.[1] ?? 'a file of another kind';
}

/** What the libraries' errors mean for the person who named the archive. */
function explain(path: string, error: unknown, compression: Compression, entries: number): unknown {
  if (error instanceof EngramError || !(error instanceof Error)) return error;
  const options = { cause: error };
  const code = 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR' || error.message === 'Unexpected end of data') {
    return new InputError(
      'dataset-truncated',
      `${path} is cut short: its ${code === undefined ? 'last file' : 'compressed data'} ends early`,
      options,
    );
  }
  if (typeof code === 'string' && code.startsWith('Z_'))
    return new InputError('dataset-corrupted', `${path} is damaged: its compressed data cannot be read`, options);
  if (code === undefined && entries === 0) {
    return new InputError(
      'dataset-format',
      `${path} holds no tar archive${compression === 'gzip' ? ', though it is compressed with gzip' : ''}`,
      options,
    );
  }
  if (code === undefined)
    return new InputError('dataset-corrupted', `${path} is damaged after ${entries} entries: ${error.message}`, options);
  return error;
}

function isPrematureClose(reason: unknown): boolean {
  return reason instanceof Error && 'code' in reason && reason.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function tooLarge(path: string, sentence: string): InputError {
  return new InputError('dataset-too-large', `${path} ${sentence}, far more than CIFAR-10`);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}
