/** Notices, before a run begins, that a data set is no longer the one that was imported. */
import type { DatasetDescription } from '../../core/contract/dataset-description.ts';
import { EngramError } from '../../core/contract/errors.ts';
import { explainFileError } from './explain-file-error.ts';
import { findDataset } from './find-dataset.ts';
import type { Reading } from './reading.ts';

/** Sentences for people. */
export type DatasetCheck = 'unchanged' | { readonly changed: string } | { readonly missing: string };

const absent = ['dataset-missing', 'dataset-unreadable', 'photographs-missing'];

/**
 * Quick while no file was written to; else all of it is read again, for a file that was only touched or copied anew is no change.
 * @throws the signal's reason when it was cancelled, and whatever is not the data set's fault.
 */
export async function checkDataset(
  description: Pick<DatasetDescription, 'name' | 'format' | 'path' | 'sha256' | 'fingerprint'>,
  signal?: AbortSignal,
): Promise<DatasetCheck> {
  const source = description.path ?? description.format;
  const reading: Reading = { advance: () => signal?.throwIfAborted() };
  try {
    signal?.throwIfAborted();
    const found = await findDataset(source);
    if ((await found.inspect()).fingerprint === description.fingerprint) return 'unchanged';
    const { about } = await found.read(reading);
    if (about.format === description.format && about.sha256 === description.sha256) return 'unchanged';
    return { changed: `${description.name} is no longer what was imported: ${source} has other contents now` };
  } catch (error) {
    signal?.throwIfAborted();
    const explained = explainFileError(source, error);
    if (!(explained instanceof EngramError)) throw explained;
    if (absent.includes(explained.code)) return { missing: explained.message };
    if (explained.kind !== 'input') throw explained;
    return { changed: `${description.name} is no longer what was imported: ${explained.message}` };
  }
}
