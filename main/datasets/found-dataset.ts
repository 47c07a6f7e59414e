/** A data set that was recognised and not yet read: the same whatever its format. */
import type { DatasetDescription } from '../../core/contract/dataset-description.ts';
import type { ImageDataset } from '../../core/data/grey-images.ts';
import { countImages } from './cifar-10.ts';
import { fingerprintOf, totalBytes, type DatasetFile } from './dataset-files.ts';
import type { Reading } from './reading.ts';
import type { PixelStatistics } from '../../core/contract/dataset-samples.ts';
import type { SampleGroup } from './thumbnails.ts';

export interface FoundDataset {
  /** Null for what comes with Engram. */
  readonly path: string | null;
  /** Looks at its files without reading them. */
  inspect(): Promise<Inspection>;
  /** @throws InputError `dataset-…` for whatever a run could not be trained on. */
  read(reading: Reading): Promise<DatasetContent>;
}

export interface Inspection {
  readonly files: readonly DatasetFile[];
  readonly sizeBytes: number;
  readonly fingerprint: string;
  /** What `reading` hears of in all, more or less. */
  readonly workBytes: number;
}

export interface DatasetContent {
  readonly about: Omit<DatasetDescription, 'path' | 'sizeBytes' | 'fingerprint'>;
  /** By class, in the order of the description; what stands in no class comes first. */
  readonly groups: readonly SampleGroup[];
  readonly measure: () => PixelStatistics;
}

export function inspectionOf(files: readonly DatasetFile[]): Inspection {
  const sizeBytes = totalBytes(files);
  return { files, sizeBytes, workBytes: sizeBytes, fingerprint: fingerprintOf(files) };
}

/** What all data sets of images have in common. */
export function aboutImages({ name, format, sha256, training, evaluation, note }: ImageDataset) {
  const sizes = [...training, ...evaluation];
  const same = (side: 'width' | 'height') => (new Set(sizes.map((block) => block[side])).size === 1 ? sizes[0]![side] : null);
  const [trainingImages, evaluationImages] = [countImages(training), countImages(evaluation)];
  return { name, format, sha256, note, imageWidth: same('width'), imageHeight: same('height'), trainingImages, evaluationImages };
}
