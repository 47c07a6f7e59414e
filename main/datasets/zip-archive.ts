/** Walks the files of a .zip without writing anything to disk, within limits that stop bombs. */
import { readFile, stat } from 'node:fs/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { fromRandomAccessReaderPromise, RandomAccessReader, type Entry, type ZipFile } from 'yauzl';
import { EngramError, InputError } from '../../core/contract/errors.ts';
import { checkEntryPath } from './archive-paths.ts';

/** Omniglot's largest zip has 20,000 drawings of 300 bytes, hardly compressed. */
export interface ZipLimits {
  readonly fileBytes: number;
  readonly entries: number;
  readonly inflatedBytes: number;
  /** Inflated to compressed size of one file. */
  readonly ratio: number;
}
const defaultLimits: ZipLimits = { fileBytes: 128 * 2 ** 20, entries: 100_000, inflatedBytes: 128 * 2 ** 20, ratio: 100 };

export interface ZipEntry {
  /** Checked: relative, without `..`. */
  readonly path: string;
  /** Compressed, as it lies in the archive. */
  readonly sizeBytes: number;
  /** @throws InputError `dataset-…` when it is encrypted, damaged or beyond the limits. */
  read(): Promise<Uint8Array>;
}

/**
 * Calls `visit` for each file, in the order of the archive's directory, until it answers `stop`. Only what it reads is inflated.
 * @throws InputError `dataset-format` when the file is no zip, `dataset-truncated`, `dataset-corrupted`, `dataset-encrypted`, `dataset-archive-path` for an
 * entry that climbs out or a link, `dataset-too-large` beyond the limits; and whatever `visit` throws.
 */
export async function readZipArchive(
  path: string,
  visit: (entry: ZipEntry) => Promise<'stop' | undefined>,
  limits: ZipLimits = defaultLimits,
): Promise<void> {
  const bytes = await readWhole(path, limits);
  try {
    const zip = await fromRandomAccessReaderPromise(new BytesReader(bytes), bytes.length, { lazyEntries: true, decodeStrings: true });
    if (zip.entryCount > limits.entries) throw tooLarge(path, `has ${zip.entryCount} entries, more than ${limits.entries}`);
    const budget = { inflatedBytes: limits.inflatedBytes };
    for await (const entry of zip.eachEntry()) {
      checkEntryPath(path, entry.fileName);
      if (entry.fileName.endsWith('/')) continue;
      checkKind(path, entry);
      const read = () => readEntry(path, bytes, zip, entry, limits, budget);
      if ((await visit({ path: entry.fileName, sizeBytes: entry.compressedSize, read })) === 'stop') return;
    }
  } catch (error) {
    throw explain(path, error);
  }
}

async function readWhole(path: string, limits: ZipLimits): Promise<Buffer> {
  const { size } = await stat(path);
  if (size > limits.fileBytes) throw tooLarge(path, `has ${size} bytes, more than ${limits.fileBytes}`);
  const bytes = await readFile(path);
  if (bytes.length === 0) throw new InputError('dataset-format', `${path} is empty`);
  if (bytes.toString('latin1', 0, 2) !== 'PK') throw new InputError('dataset-format', `${path} is no zip archive, whatever its name says`);
  return bytes;
}

/** Unlike yauzl's own readers, which throw where nobody can catch it when a damaged directory leads beyond the file. */
class BytesReader extends RandomAccessReader {
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    super();
    this.bytes = bytes;
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void {
    const inside = position + length <= this.bytes.length;
    if (inside) this.bytes.copy(buffer, offset, position, position + length);
    setImmediate(callback, inside ? null : new Error('its directory leads beyond its end'));
  }
}

async function readEntry(
  path: string,
  bytes: Buffer,
  zip: ZipFile,
  entry: Entry,
  limits: ZipLimits,
  budget: { inflatedBytes: number },
): Promise<Uint8Array> {
  const { fileName, compressedSize, uncompressedSize } = entry;
  const quoted = JSON.stringify(fileName);
  if (uncompressedSize > limits.ratio * compressedSize)
    throw tooLarge(path, `has an entry, ${quoted}, that inflates to more than ${limits.ratio} times its size`);
  budget.inflatedBytes -= uncompressedSize;
  if (budget.inflatedBytes < 0) throw tooLarge(path, `inflates to more than ${limits.inflatedBytes} bytes`);

  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const stored = bytes.subarray(fileDataStart, fileDataStart + compressedSize);
  const content = entry.compressionMethod === 0 ? stored : inflateRawSync(stored, { maxOutputLength: Math.max(1, uncompressedSize) });
  if (content.length !== uncompressedSize || crc32(content) !== entry.crc32)
    throw new InputError('dataset-corrupted', `${path} is damaged: ${quoted} is not what the archive's directory says`);
  return content;
}

function checkKind(path: string, entry: Entry): void {
  const quoted = JSON.stringify(entry.fileName);
  if (entry.isEncrypted()) throw new InputError('dataset-encrypted', `${path} is encrypted (${quoted}); import it without a password`);
  const isLink = ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
  if (isLink)
    throw new InputError('dataset-archive-path', `${path} has an entry, ${quoted}, that is a link; only files and folders are read`);
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) {
    throw new InputError(
      'dataset-format',
      `${path}: ${quoted} is compressed by method ${entry.compressionMethod}; only deflate (8) can be read`,
    );
  }
}

/** What the libraries' errors mean for the person who named the archive. */
function explain(path: string, error: unknown): unknown {
  if (error instanceof EngramError || !(error instanceof Error)) return error;
  const options = { cause: error };
  if (/^End of central directory record signature not found/.test(error.message))
    return new InputError('dataset-truncated', `${path} is cut short: the directory at a zip archive's end is missing`, options);
  if (/^(absolute path|invalid relative path|invalid characters in fileName): /.test(error.message))
    return new InputError('dataset-archive-path', `${path} has an entry that leads out of the archive's folder: ${error.message}`, options);
  if (error.message === 'strong encryption is not supported')
    return new InputError('dataset-encrypted', `${path} is encrypted; import it without a password`, options);
  return new InputError('dataset-corrupted', `${path} is damaged: ${error.message}`, options);
}

function tooLarge(path: string, sentence: string): InputError {
  return new InputError('dataset-too-large', `${path} ${sentence}, far more than Omniglot's archives`);
}
