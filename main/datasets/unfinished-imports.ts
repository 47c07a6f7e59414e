/** What imports of data sets left whose process was killed. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a data set's folder is called until it is whole. */
export const unfinishedSuffix = '.unfinished';

/** Removes them from `folder`, which need not be there; to be called before data sets are imported. */
export function removeUnfinishedImports(folder: string): readonly string[] {
  const left = namesIn(folder).filter((name) => name.endsWith(unfinishedSuffix));
  for (const name of left) rmSync(join(folder, name), { recursive: true, force: true });
  return left;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
