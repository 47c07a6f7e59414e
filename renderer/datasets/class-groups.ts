/** The classes of a data set as people look at them: characters by their alphabet. */
import type { DatasetDescription } from '../../core/contract/dataset-description.ts';

export interface ClassGroup {
  readonly name: string;
  readonly images: number;
}

/** `Greek/character01`, `Greek/character02` → `Greek`; other classes as they are. */
export function groupClasses({ format, classes }: Pick<DatasetDescription, 'format' | 'classes'>): ClassGroup[] {
  if (!hasAlphabets(format)) return [...classes];
  const byAlphabet = Map.groupBy(classes, ({ name }) => name.split('/')[0] ?? name);
  return [...byAlphabet].map(([name, members]) => ({ name, images: members.reduce((sum, { images }) => sum + images, 0) }));
}

export function isInGroup(name: string | null, group: string): boolean {
  return name === group || (name?.startsWith(`${group}/`) ?? false);
}

export function wordFor({ format }: Pick<DatasetDescription, 'format'>, count: number): string {
  if (hasAlphabets(format)) return count === 1 ? 'alphabet' : 'alphabets';
  return count === 1 ? 'class' : 'classes';
}

function hasAlphabets(format: DatasetDescription['format']): boolean {
  return format === 'omniglot' || format === 'characters';
}
