/** How data sets are spoken of. */
import type { Dataset } from '../../core/contract/api/lab.ts';
import type { DatasetDescription } from '../../core/contract/dataset-description.ts';
import { formatCount } from '../format.ts';

export const kinds: Readonly<Record<DatasetDescription['format'], string>> = {
  photographs: 'Photographs',
  'cifar-10-binary': 'CIFAR-10, binary version',
  'cifar-10-python': 'CIFAR-10, Python version',
  'image-folder': 'Folder of images',
  omniglot: 'Omniglot',
  characters: 'Generated characters',
};

export const places: Readonly<Record<Dataset['place'], string>> = {
  'built-in': 'Comes with Engram',
  copy: 'Copy in the lab',
  'in-place': 'Used where it lies',
};

/** `32 × 32`, or that they differ. */
export function sizeOfImages({ imageWidth, imageHeight }: DatasetDescription): string {
  return imageWidth === null || imageHeight === null ? 'of several sizes' : `${imageWidth} × ${imageHeight}`;
}

export function countRuns(runs: number): string {
  return runs === 0 ? 'no runs' : `${formatCount(runs)} ${runs === 1 ? 'run' : 'runs'}`;
}

/** What removing it means. */
export function explainRemoval({ place, description, runs }: Dataset, size: string): string {
  const files =
    place === 'copy' ? `The lab’s copy (${size}) is deleted.` : `The lab forgets it; the files in ${description.path ?? ''} stay.`;
  return runs === 0
    ? files
    : `${files} ${runs === 1 ? 'The run' : `The ${formatCount(runs)} runs`} trained on it keep their results, but cannot go on.`;
}

/** A picture that the lab keeps of it. */
export function pictureOf(dataset: string, ...path: string[]): string {
  return `lab://lab/datasets/${[dataset, ...path].map(encodeURIComponent).join('/')}`;
}
