/** Which names an archive's entries may have, though nothing is ever extracted: one that climbs out tells a hostile archive. */
import { InputError } from '../../core/contract/errors.ts';

/** @throws InputError `dataset-archive-path` unless `name` is relative and stays within the archive's folder. */
export function checkEntryPath(archive: string, name: string): void {
  const parts = name.split(/[\\/]/);
  const climbsOut = parts.includes('..') || parts[0] === '' || /^[A-Za-z]:/.test(name) || name.includes('\0');
  if (climbsOut)
    throw new InputError(
      'dataset-archive-path',
      `${archive} has an entry, ${JSON.stringify(name)}, that leads out of the archive's folder`,
    );
}
