/** What an import found out about a data set: what the lab stores of it and shows of it. */
import { z } from 'zod';

export const datasetFormats = ['photographs', 'cifar-10-binary', 'cifar-10-python', 'image-folder', 'omniglot', 'characters'] as const;

export type DatasetFormat = (typeof datasetFormats)[number];

/** What an experiment draws its episodes from; `generated`: from nothing but the seed. */
export const dataKinds = ['images', 'characters', 'generated'] as const;

export type DataKind = (typeof dataKinds)[number];

/** Data sets that come with Engram, by the names under which they are imported. */
export const builtInDatasets = ['photographs', 'characters'] as const satisfies DatasetFormat[];

export function isBuiltInDataset(name: string): name is (typeof builtInDatasets)[number] {
  return builtInDatasets.some((builtIn) => builtIn === name);
}

/** What a run is trained on that names no data set. */
export const defaultDatasets = {
  images: 'photographs',
  characters: 'characters',
  generated: null,
} as const satisfies Record<DataKind, DatasetFormat | null>;

const ofCharacters: readonly DatasetFormat[] = ['omniglot', 'characters'];

/** Whether an experiment that learns from `kind` can be trained on a data set. */
export function suits(kind: DataKind, format: DatasetFormat): boolean {
  return kind !== 'generated' && ofCharacters.includes(format) === (kind === 'characters');
}

/** What a run remembers of the data that it is trained on. */
export const runDatasetSchema = z.strictObject({
  name: z.string(),
  format: z.string(),
  /** Empty for data that are drawn from the seed. */
  sha256: z.string(),
  note: z.string(),
  /** Of drawn characters; runs of before have not noted it. */
  classes: z.int().exactOptional(),
});

export type RunDataset = z.infer<typeof runDatasetSchema>;

export const datasetDescriptionSchema = z.strictObject({
  name: z.string().min(1),
  format: z.enum(datasetFormats),
  /** Absolute path where a trainer opens it; null for what comes with Engram. */
  path: z.string().min(1).nullable(),
  /** Over the contents in a fixed order: the one that a run on it records. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of its files. */
  sizeBytes: z.int().min(0),
  /** That can be used: copies of one image count once. */
  images: z.int().min(1),
  /** Null where they differ. */
  imageWidth: z.int().min(1).nullable(),
  imageHeight: z.int().min(1).nullable(),
  channels: z.union([z.literal(1), z.literal(3)]),
  /** CIFAR-10's classes, the folders of a folder of images, characters as `Alphabet/character01`; empty where there are none. */
  classes: z.array(z.strictObject({ name: z.string().min(1), images: z.int().min(0) })),
  /** Null where each run divides the data set itself, as for characters. */
  trainingImages: z.int().min(0).nullable(),
  evaluationImages: z.int().min(0).nullable(),
  /** One line for people: how it was divided, what was left out. */
  note: z.string(),
  /** The licence where it is known, else a sentence that says it is not. */
  licence: z.string().min(1),
  /** Of names, sizes and times of its files: while it stays the same, the contents need not be read again. */
  fingerprint: z.string().min(1),
});

export type DatasetDescription = z.infer<typeof datasetDescriptionSchema>;
