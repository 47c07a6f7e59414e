/** Walks a run archive, which may come from anywhere: nothing is believed but what the manifest says, and nothing is written. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import tar from 'tar-stream';
import { manifestName, type ArchiveManifest, type ArchivedFile } from '../../core/contract/archive-manifest.ts';
import { EngramError, InputError } from '../../core/contract/errors.ts';
import { detectCompression, type ArchiveCompression } from './archive-kind.ts';
import { waitForAll } from './first-cause.ts';
import { readManifest } from './read-manifest.ts';

export interface ArchiveMember {
  readonly file: ArchivedFile;
  /** Exactly `file.bytes` bytes, or it throws; whether they fit `file.sha256` is for the reader to see. Must be read to its end. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Ends only when the archive was read to its end, every file of the manifest came once, and nothing else did. */
type ArchiveMembers = AsyncIterable<ArchiveMember>;

type Entry = tar.Extract extends AsyncIterable<infer E> ? E : never;

const manifestLimitBytes = 4 * 2 ** 20;
/** For a member's header, its padding, and extended headers. */
const memberOverheadBytes = 8 * 1024;
const endBytes = 64 * 1024;

/**
 * Calls `use` with the manifest and the files behind it, in the archive's order.
 * @throws InputError `archive-…` for whatever is wrong with the archive; what `use` throws; the signal's reason.
 */
export async function readRunArchive<T>(
  from: string,
  use: (manifest: ArchiveManifest, members: ArchiveMembers) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const compression = await detectCompression(from);
  const limit = { bytes: manifestLimitBytes + endBytes };
  const extract = tar.extract();
  const source = createReadStream(from);
  const limited = limitBytes(from, limit);
  const options = signal === undefined ? {} : { signal };
  const feeding =
    compression === 'gzip' ? pipeline(source, createGunzip(), limited, extract, options) : pipeline(source, limited, extract, options);
  const walking = walk(from, extract, feeding, limit, use).catch((error: unknown) => {
    extract.destroy();
    throw error;
  });
  try {
    await waitForAll([walking, feeding], signal);
  } catch (error) {
    throw explain(from, error, compression);
  }
  return walking;
}

async function walk<T>(
  from: string,
  extract: tar.Extract,
  feeding: Promise<void>,
  limit: { bytes: number },
  use: (manifest: ArchiveManifest, members: ArchiveMembers) => Promise<T>,
): Promise<T> {
  const entries = extract[Symbol.asyncIterator]();
  const first = await entries.next();
  if (first.done === true) throw new InputError('archive-format', `${from} is an empty tar archive`);
  const manifest = readManifest(from, await readManifestText(from, first.value));
  limit.bytes = manifest.files.reduce((sum, { bytes }) => sum + bytes + memberOverheadBytes, limit.bytes);
  return use(manifest, readMembers(from, manifest, entries, feeding));
}

async function* readMembers(
  from: string,
  manifest: ArchiveManifest,
  entries: AsyncIterator<Entry>,
  feeding: Promise<void>,
): AsyncGenerator<ArchiveMember> {
  const expected = new Map(manifest.files.map((file) => [file.path, file]));
  for (let next = await entries.next(); next.done !== true; next = await entries.next()) {
    const entry = next.value;
    const { name, size } = entry.header;
    requireFile(from, entry.header);
    const file = expected.get(name);
    if (file === undefined)
      throw new InputError('archive-member', `${from} holds ${JSON.stringify(name)}, which its manifest does not name, or twice`);
    if (size !== file.bytes)
      throw new InputError('archive-size', `${from} holds ${name} with ${size} bytes, and its manifest says ${file.bytes}`);
    expected.delete(name);
    yield { file, content: bytesOf(entry) };
  }
  const [missing] = expected.keys();
  if (missing !== undefined) throw new InputError('archive-missing', `${from} lacks ${missing}, which its manifest names`);
  // A compressed archive ends with a checksum.
  await feeding;
}

async function readManifestText(from: string, entry: Entry): Promise<string> {
  const { name, size } = entry.header;
  if (name !== manifestName)
    throw new InputError(
      'archive-format',
      `${from} is a tar archive, but not of a run: it begins with ${JSON.stringify(name)}, not with ${manifestName}`,
    );
  requireFile(from, entry.header);
  if (size > manifestLimitBytes) throw tooLarge(from);
  const pieces: Uint8Array[] = [];
  for await (const piece of bytesOf(entry)) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function requireFile(from: string, { name, type }: tar.Header): void {
  const parts = name.split(/[\\/]/);
  if (parts.includes('..') || parts[0] === '' || /^[A-Za-z]:/.test(name))
    throw new InputError('archive-path', `${from} holds ${JSON.stringify(name)}, which leads out of the run's folder`);
  if (type !== 'file') throw new InputError('archive-path', `${from} holds ${JSON.stringify(name)} (${type}); only files belong into it`);
}

async function* bytesOf(entry: Entry): AsyncGenerator<Uint8Array> {
  for await (const piece of entry as AsyncIterable<Uint8Array>) yield piece;
}

function limitBytes(from: string, limit: { readonly bytes: number }) {
  return async function* (pieces: AsyncIterable<Uint8Array>) {
    let bytes = 0;
    for await (const piece of pieces) {
      bytes += piece.length;
      if (bytes > limit.bytes) throw tooLarge(from);
      yield piece;
    }
  };
}

function tooLarge(from: string): InputError {
  return new InputError('archive-too-large', `${from} holds more than its manifest says`);
}

/** What the libraries' errors mean for the person who named the archive. */
function explain(from: string, error: unknown, compression: ArchiveCompression): unknown {
  if (error instanceof EngramError || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR' || error.message === 'Unexpected end of data')
    return new InputError('archive-truncated', `${from} is cut short`, { cause: error });
  if (code.startsWith('Z_'))
    return new InputError('archive-corrupted', `${from} is damaged: its compressed data cannot be read`, { cause: error });
  if (code !== '') return error;
  const what = compression === 'gzip' ? 'a gzip file that holds no run archive, or is damaged' : 'a damaged tar archive';
  return new InputError('archive-corrupted', `${from} is ${what}: ${error.message}`, { cause: error });
}
