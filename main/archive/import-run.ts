/** Takes a run from an archive into the folder of runs: whole and checked, or not at all. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArchivedAbout } from '../../core/contract/archive-manifest.ts';
import { EngramError, InputError } from '../../core/contract/errors.ts';
import { parseStoredSpec } from '../../core/experiments/create-run-spec.ts';
import { writeAbout } from '../run-folder/about-file.ts';
import { syncFolder } from '../run-folder/atomic-file.ts';
import { explainDiskError, requireSpace } from '../run-folder/disk-space.ts';
import { makeFolders } from '../run-folder/make-folders.ts';
import { runPaths, type RunPaths } from '../run-folder/run-paths.ts';
import { createImportingFolder, runExists } from './importing-folder.ts';
import { findJournalEnd } from './journal-end.ts';
import { countBytes, type ArchiveProgress } from './progress.ts';
import { readRunArchive, type ArchiveMember } from './read-archive.ts';

export interface ImportRunOptions {
  readonly from: string;
  readonly runsFolder: string;
  /** Whether the lab knows a run of this id, be its folder there or not. */
  readonly exists: (id: string) => boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ArchiveProgress) => void) | undefined;
}

export interface ImportedRun {
  readonly id: string;
  readonly about: ArchivedAbout;
  readonly folder: string;
}

/**
 * @throws InputError `run-exists`, or `archive-…` for whatever is wrong with the archive; FailureError `disk-full`; the signal's reason. Nothing is left then.
 */
export async function importRunArchive(options: ImportRunOptions): Promise<ImportedRun> {
  const { from, runsFolder, exists, signal, onProgress } = options;
  return readRunArchive(
    from,
    async ({ id, about, files }, members) => {
      if (exists(id) || existsSync(join(runsFolder, id))) throw runExists(id);
      const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
      makeFolders(runsFolder);
      requireSpace(runsFolder, totalBytes, 'the run');
      const importing = await createImportingFolder(runsFolder, id);
      try {
        const onBytes = countBytes('unpacking', totalBytes, onProgress);
        for await (const member of members) await unpack(from, member, importing.folder, onBytes);
        await checkRun(from, runPaths(importing.folder));
        writeAbout({ folder: importing.folder }, { ...about, tags: [...about.tags] });
        signal?.throwIfAborted();
        return { id, about, folder: await importing.finish() };
      } catch (error) {
        await importing.remove();
        throw explainDiskError(error, runsFolder);
      }
    },
    signal,
  );
}

async function unpack(from: string, { file, content }: ArchiveMember, folder: string, onBytes: (bytes: number) => void): Promise<void> {
  const path = join(folder, file.path);
  makeFolders(dirname(path));
  const hash = createHash('sha256');
  const pieces = async function* () {
    for await (const piece of content) {
      hash.update(piece);
      onBytes(piece.length);
      yield piece;
    }
  };
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(pieces());
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (hash.digest('hex') !== file.sha256)
    throw new InputError('archive-hash', `${from} is damaged: the content of ${file.path} does not fit its hash`);
}

/** What the hashes cannot tell: whether this version can work with the run. */
async function checkRun(from: string, { spec, journal, checkpoints }: RunPaths): Promise<void> {
  try {
    parseStoredSpec(JSON.parse(await readFile(spec, 'utf8')));
  } catch (error) {
    if (!(error instanceof EngramError || error instanceof SyntaxError)) throw error;
    throw new InputError('archive-spec', `${from} holds a run that cannot be read here: ${error.message}`, { cause: error });
  }
  if (existsSync(checkpoints)) await syncFolder(checkpoints);
  if (!existsSync(journal)) return;
  const file = await open(journal);
  const { problem } = await findJournalEnd(file).finally(() => file.close());
  if (problem !== undefined)
    throw new InputError(
      'archive-journal',
      `${from} holds a damaged journal: record ${problem.sequence}, byte ${problem.offset}: ${problem.reason}`,
    );
}
