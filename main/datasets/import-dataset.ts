/** Takes a data set into the lab: reads and checks all of it, copies it where that is wished, and draws a sheet of samples. */
import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DatasetDescription } from '../../core/contract/dataset-description.ts';
import { EngramError, FailureError, InputError } from '../../core/contract/errors.ts';
import { explainDiskError, requireSpace } from '../run-folder/disk-space.ts';
import { makeFolders } from '../run-folder/make-folders.ts';
import { syncFolderNow } from '../run-folder/sync-folder.ts';
import { copyFiles } from './copy-files.ts';
import { statFiles } from './dataset-files.ts';
import { explainFileError } from './explain-file-error.ts';
import { findDataset } from './find-dataset.ts';
import { inspectionOf, type FoundDataset, type Inspection } from './found-dataset.ts';
import { createPhaseReporter, type ImportProgress, type PhaseReporter } from './import-progress.ts';
import { cellSide, chooseSamples, drawSheet, maximumCells } from './thumbnails.ts';
import { unfinishedSuffix } from './unfinished-imports.ts';

export const thumbnailsName = 'thumbnails.png';

export interface ImportRequest {
  /** A path, or `photographs` or `characters` for what comes with Engram. */
  readonly source: string;
  /** What comes with Engram is never copied. */
  readonly mode: 'copy' | 'in-place';
  /** A folder that does not exist yet: for the thumbnails, and the copy in `data`. */
  readonly to: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ImportProgress) => void;
}

/**
 * Cancelled or failed, it leaves nothing behind; a killed one's remains (`<to>.unfinished`) are for `removeUnfinishedImports`.
 * @throws InputError `dataset-…` for whatever a run could not be trained on, or what changed meanwhile; FailureError `disk-full`, `import-unwritable`;
 * the signal's reason when it was cancelled.
 */
export async function importDataset(request: ImportRequest): Promise<DatasetDescription> {
  const { source, to, signal } = request;
  if (existsSync(to)) throw new RangeError(`importDataset makes the folder ${to} itself, and it exists already`);
  const unfinished = `${to}${unfinishedSuffix}`;
  try {
    signal.throwIfAborted();
    return await importInto(unfinished, request);
  } catch (error) {
    // What it cannot remove has no part in why it failed.
    await rm(unfinished, { recursive: true, force: true }).catch(() => {});
    signal.throwIfAborted();
    throw explain(error, source, to);
  }
}

async function importInto(unfinished: string, { source, mode, to, signal, onProgress }: ImportRequest): Promise<DatasetDescription> {
  const reporter = createPhaseReporter(signal, onProgress);

  // All of it is read first: what cannot serve is refused before anything is copied.
  const found = await findDataset(source);
  const before = await found.inspect();
  const { about, groups } = await found.read(reporter.begin('reading', before.workBytes));

  await rm(unfinished, { recursive: true, force: true });
  makeFolders(unfinished);
  const copied = mode === 'copy' && found.path !== null ? await copyInto(unfinished, found.path, before, reporter) : undefined;

  const samples = chooseSamples(groups, maximumCells).map(({ draw }) => draw);
  const drawing = reporter.begin('thumbnails', samples.length);
  await writeFile(join(unfinished, thumbnailsName), await drawSheet(samples, cellSide, () => drawing.advance(1)));

  await requireUnchanged(source, found, before);
  signal.throwIfAborted();
  await rename(unfinished, to);
  // The lab is about to note it.
  syncFolderNow(dirname(to));
  const path = copied === undefined ? found.path : join(to, copied.place);
  const { sizeBytes, fingerprint } = copied?.inspection ?? before;
  return { ...about, name: about.name === '' ? source : about.name, path, sizeBytes, fingerprint };
}

async function copyInto(unfinished: string, path: string, { files, sizeBytes }: Inspection, reporter: PhaseReporter) {
  requireSpace(unfinished, sizeBytes, 'the copy of the data set');
  const place = join('data', basename(path));
  const to = join(unfinished, place);
  await copyFiles(files, to, reporter.begin('copying', sizeBytes));
  // Looked at where it was written: renaming the folder above changes no file's time.
  const names = files.map(({ name }) => name);
  return { place, inspection: inspectionOf(await statFiles(to, names)) };
}

async function requireUnchanged(source: string, found: FoundDataset, before: Inspection): Promise<void> {
  const after = await found.inspect();
  if (after.fingerprint !== before.fingerprint)
    throw new InputError('dataset-changed', `${source} changed while it was imported; import it again when nothing writes to it any more`);
}

/** The file system's errors are about the copy where they name a path of it, else about the source. */
function explain(error: unknown, source: string, to: string): unknown {
  if (error instanceof EngramError) return error;
  const explained = explainDiskError(error, dirname(to));
  if (explained instanceof EngramError) return explained;
  const place = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : '';
  if (place.startsWith(to))
    return new FailureError('import-unwritable', `cannot write the imported data set: ${explained.message}`, { cause: error });
  return explainFileError(source, error);
}
