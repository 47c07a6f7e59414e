/** Writes a whole run as one file, which another Engram imports: a .tar.gz whose first member says what it holds. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import tar from 'tar-stream';
import {
  archiveFormat,
  archiveManifestSchema,
  archiveVersion,
  manifestName,
  type ArchiveManifest,
  type ArchivedFile,
  type ArchivedAbout,
} from '../../core/contract/archive-manifest.ts';
import { InputError } from '../../core/contract/errors.ts';
import type { RunPaths } from '../run-folder/run-paths.ts';
import { waitForAll } from './first-cause.ts';
import { prepareExport, writeExport } from './prepare-export.ts';
import { countBytes, type ArchiveProgress } from './progress.ts';
import { closeRunFiles, openRunFiles, readRunFile, runChanged, type RunFile } from './run-files.ts';

export interface ExportRunOptions {
  readonly paths: RunPaths;
  readonly about: ArchivedAbout;
  /** For people who wonder which program wrote the archive. */
  readonly engramVersion: string;
  readonly to: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ArchiveProgress) => void) | undefined;
}

/**
 * A run that is being trained is exported as it is at this moment.
 * @throws InputError `export-not-writable`, `run-name`, `run-empty`; FailureError `disk-full`, `run-changed`; the signal's reason. An older file of this name is
 * then untouched.
 */
export async function exportRunArchive(options: ExportRunOptions): Promise<{ manifest: ArchiveManifest; bytes: number }> {
  const { paths, to, signal, onProgress } = options;
  prepareExport(to);
  const files = await openRunFiles(paths);
  try {
    const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const described: ArchivedFile[] = [];
    const onRead = countBytes('reading', totalBytes, onProgress);
    for (const file of files) {
      const { path, bytes } = file;
      described.push({ path, bytes, sha256: await hashFile(file, onRead, signal) });
    }
    const manifest = createManifest(options, described);
    await writeArchive(to, manifest, files, countBytes('packing', totalBytes, onProgress), signal);
    return { manifest, bytes: (await stat(to)).size };
  } finally {
    await closeRunFiles(files);
  }
}

function createManifest(
  { paths: { id, folder }, about, engramVersion }: ExportRunOptions,
  files: readonly ArchivedFile[],
): ArchiveManifest {
  if (files[0]?.path !== 'spec.json') throw new InputError('run-empty', `${folder} holds no run: it has no spec.json`);
  const manifest = { format: archiveFormat, version: archiveVersion, exportedAtMs: Date.now(), engramVersion, id, about, files };
  const result = archiveManifestSchema.safeParse(manifest);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new InputError('run-name', `run ${id} cannot be archived: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown reason'}`);
}

async function hashFile(file: RunFile, onBytes: (bytes: number) => void, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of readRunFile(file)) {
    signal?.throwIfAborted();
    hash.update(piece);
    onBytes(piece.length);
  }
  return hash.digest('hex');
}

async function writeArchive(
  to: string,
  manifest: ArchiveManifest,
  files: readonly RunFile[],
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const pack = tar.pack();
  // Weights hardly compress: more than level 1 costs time and gains nothing.
  const gzip = createGzip({ level: 1 });
  const adding = addMembers(pack, manifest, files, onBytes).catch((error: unknown) => {
    pack.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  const writing = writeExport(to, gzip, signal).catch((error: unknown) => {
    // Where the file could not even be opened nobody reads, and packing would wait for ever.
    gzip.destroy();
    throw error;
  });
  await waitForAll([adding, writing, pipeline(pack, gzip)], signal);
}

async function addMembers(
  pack: tar.Pack,
  manifest: ArchiveManifest,
  files: readonly RunFile[],
  onBytes: (bytes: number) => void,
): Promise<void> {
  const mtime = new Date(manifest.exportedAtMs);
  pack.entry({ name: manifestName, mtime }, `${JSON.stringify(manifest, null, 2)}\n`);
  for (const [index, file] of files.entries()) {
    const { path, bytes, sha256 } = manifest.files[index]!;
    const hash = createHash('sha256');
    const pieces = async function* () {
      for await (const piece of readRunFile(file)) {
        hash.update(piece);
        onBytes(piece.length);
        yield piece;
      }
      // An archive that nobody could import must not be finished.
      if (hash.digest('hex') !== sha256) throw runChanged(path);
    };
    await pipeline(pieces, pack.entry({ name: path, size: bytes, mtime }));
  }
  pack.finalize();
}
