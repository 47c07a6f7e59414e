/** What dropped files are, and who takes them in: the host looks at each, says what it is, and what would be right. */
import { importPath, isArchive } from '../datasets/import.svelte.ts';
import { tellError } from '../ui/tell.ts';

export function importDropped(files: readonly File[]): void {
  if (files.length === 0)
    tellError(new Error('A data set or a run archive can be dropped here, as a file or a folder.'), 'That is not a file');
  const found = files.map((file) => ({ name: file.name, path: window.engram.pathOf(file) }));
  for (const { name } of found.filter(({ path }) => path === '')) {
    tellError(new Error('It does not lie on this computer’s disk; save it there, and drop it again.'), `${name} cannot be read`);
  }
  const paths = found.map(({ path }) => path).filter((path) => path !== '');
  for (const path of paths.filter(isArchive)) importPath(path);
  // Each data set is asked about.
  const [dataset, ...others] = paths.filter((path) => !isArchive(path));
  if (dataset !== undefined) importPath(dataset);
  if (others.length > 0)
    tellError(new Error('Data sets come in one at a time: drop the others when this one is in.'), 'More than one data set');
}
