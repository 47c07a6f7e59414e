/** CIFAR-10, binary or Python version, from its folder or archive: training from data_batch_1..5, evaluation from test_batch. */
import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import { cifar10ClassNames } from '../../core/data/cifar-10-names.ts';
import type { GreyImages, ImageDataset } from '../../core/data/grey-images.ts';
import { readBatch, type Cifar10Batch } from './cifar-10-batch.ts';
import { follow, unfollowed, type Reading } from './reading.ts';
import { readTarArchive, type ArchiveEntry } from './tar-archive.ts';

export interface Cifar10 {
  readonly dataset: ImageDataset;
  /** Training batches first. */
  readonly batches: readonly Cifar10Batch[];
  /** [10], by label. */
  readonly classNames: readonly string[];
}

export interface Cifar10Folder {
  readonly folder: string;
  readonly fileNames: readonly string[];
  /** Other folders beside it that hold batches too. */
  readonly alsoThere: readonly string[];
}

const testRole = 'test_batch';
const maximumMetaBytes = 2 ** 16;

/** Which batch a file of this name is, if any; the version is told by its content. */
export function cifar10Role(fileName: string): string | undefined {
  return /^(data_batch_[1-5]|test_batch)(?:\.bin)?$/.exec(fileName)?.[1];
}

/** Whether these are the names of CIFAR-100's files, which people take for CIFAR-10's. */
export function looksLikeCifar100(fileNames: readonly string[]): boolean {
  const has = (...names: string[]) => names.every((name) => fileNames.includes(name));
  return has('train.bin', 'test.bin') || has('fine_label_names.txt') || has('train', 'test', 'meta');
}

/** Whether a file of this name holds the names of the classes. */
export function isCifar10Meta(fileName: string): boolean {
  return fileName === 'batches.meta' || fileName === 'batches.meta.txt';
}

/**
 * The batches among the files of a folder.
 * @throws InputError `dataset-…` for damaged, truncated or wrong files.
 */
export async function openCifar10Folder({ folder, fileNames, alsoThere }: Cifar10Folder, reading: Reading = unfollowed): Promise<Cifar10> {
  const batches: Cifar10Batch[] = [];
  let meta: Uint8Array | undefined;
  for (const fileName of [...fileNames].sort()) {
    const role = cifar10Role(fileName);
    const path = join(folder, fileName);
    if (role !== undefined) batches.push(await readBatch(role, path, (await stat(path)).size, follow(createReadStream(path), reading)));
    else if (isCifar10Meta(fileName) && (await stat(path)).size <= maximumMetaBytes) meta = await readFile(path);
  }
  const cifar = assemble(folder, batches, meta);
  if (alsoThere.length === 0) return cifar;
  const note = `${cifar.dataset.note}; read from ${folder}, not ${alsoThere.join(', ')}`;
  return { ...cifar, dataset: { ...cifar.dataset, note } };
}

/**
 * The batches within a .tar.gz (or .tar); nothing is written to disk.
 * @throws InputError `dataset-…` for anything but a whole, well-behaved archive of CIFAR-10.
 */
export async function openCifar10Archive(path: string, reading: Reading = unfollowed): Promise<Cifar10> {
  const batches: Cifar10Batch[] = [];
  const otherNames: string[] = [];
  let meta: Uint8Array | undefined;
  const visit = async (entry: ArchiveEntry) => {
    const fileName = basename(entry.path);
    const role = cifar10Role(fileName);
    if (role !== undefined) batches.push(await readBatch(role, `${entry.path} in ${path}`, entry.sizeBytes, entry.content));
    else otherNames.push(fileName);
    if (isCifar10Meta(fileName) && entry.sizeBytes <= maximumMetaBytes) meta = await readAll(entry.content);
  };
  await readTarArchive(path, visit, { reading });
  if (batches.length === 0 && looksLikeCifar100(otherNames)) throw cifar100(path);
  return assemble(path, batches, meta);
}

export function cifar100(path: string): InputError {
  return new InputError('dataset-cifar-100', `${path} is CIFAR-100; CIFAR-10 is needed`);
}

async function readAll(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function assemble(path: string, unordered: readonly Cifar10Batch[], meta: Uint8Array | undefined): Cifar10 {
  const batches = [...unordered].sort((a, b) => (a.role < b.role ? -1 : 1));
  checkBatches(path, batches);
  const trainingBatches = batches.filter(({ role }) => role !== testRole);
  const test = batches.find(({ role }) => role === testRole);
  const all = trainingBatches.map(({ images }) => images);
  const { training, heldOut } = test === undefined ? holdOutLastTenth(path, all) : { training: all, heldOut: [test.images] };
  const { kept: evaluation, removed } = withoutThoseIn(training, heldOut);
  if (countImages(evaluation) === 0)
    throw new InputError('dataset-overlap', `every evaluation image of ${path} is among its training images too`);

  const divided =
    test === undefined ? 'test_batch is absent, so the last tenth of the records is for evaluation' : 'evaluation from test_batch';
  const overlap = removed === 0 ? '' : `, ${removed} evaluation images that are training images too left out`;
  const dataset: ImageDataset = {
    name: basename(path),
    format: batches[0]!.format,
    sha256: hash('sha256', batches.map(({ role, sha256 }) => `${role} ${sha256}\n`).join('')),
    training,
    evaluation,
    note: `${countImages(training)} images for training, ${countImages(evaluation)} for evaluation (${divided}${overlap}); CIFAR-10, Krizhevsky 2009`,
  };
  return { dataset, batches, classNames: cifar10ClassNames(meta) };
}

function checkBatches(path: string, batches: readonly Cifar10Batch[]): void {
  const roles = batches.map(({ role }) => role);
  if (roles.every((role) => role === testRole)) {
    throw new InputError(
      'dataset-format',
      `${path} holds no training batch of CIFAR-10 (data_batch_1 to data_batch_5, with or without .bin)`,
    );
  }
  const twice = roles.find((role, index) => roles.indexOf(role) !== index);
  if (twice !== undefined)
    throw new InputError('dataset-ambiguous', `${path} holds ${twice} twice; name the folder of one CIFAR-10 version`);
  if (new Set(batches.map(({ format }) => format)).size > 1) {
    throw new InputError('dataset-ambiguous', `${path} mixes CIFAR-10's binary and Python versions; name the folder of one of them`);
  }
}

function holdOutLastTenth(path: string, blocks: readonly GreyImages[]): { training: GreyImages[]; heldOut: GreyImages[] } {
  const total = countImages(blocks);
  if (total < 2) throw new InputError('dataset-too-small', `${path} holds one image; at least two are needed, one of them for evaluation`);
  const firstHeldOut = total - Math.max(1, Math.floor(total / 10));
  const training: GreyImages[] = [];
  const heldOut: GreyImages[] = [];
  let start = 0;
  for (const block of blocks) {
    const boundary = Math.min(block.count, Math.max(0, firstHeldOut - start));
    if (boundary > 0) training.push(selectRange(block, 0, boundary));
    if (boundary < block.count) heldOut.push(selectRange(block, boundary, block.count));
    start += block.count;
  }
  return { training, heldOut };
}

/** CIFAR-10 holds a few images twice; one that is trained on cannot be evaluated on. */
function withoutThoseIn(training: readonly GreyImages[], evaluation: readonly GreyImages[]): { kept: GreyImages[]; removed: number } {
  const known = new Set(training.flatMap((block) => imageHashes(block)));
  const kept = evaluation.map((block) => {
    const fresh = imageHashes(block).map((digest) => !known.has(digest));
    const indices = fresh.flatMap((isFresh, index) => (isFresh ? [index] : []));
    if (indices.length === block.count) return block;
    const size = block.width * block.height;
    const pixels = new Uint16Array(indices.length * size);
    indices.forEach((index, position) => pixels.set(block.pixels.subarray(index * size, (index + 1) * size), position * size));
    return { ...block, count: indices.length, pixels };
  });
  return { kept: kept.filter(({ count }) => count > 0), removed: countImages(evaluation) - countImages(kept) };
}

function imageHashes({ count, width, height, pixels }: GreyImages): string[] {
  return Array.from({ length: count }, (_, index) =>
    hash('sha256', pixels.subarray(index * width * height, (index + 1) * width * height), 'base64'),
  );
}

function selectRange(block: GreyImages, from: number, to: number): GreyImages {
  const size = block.width * block.height;
  return { ...block, count: to - from, pixels: block.pixels.subarray(from * size, to * size) };
}

export function countImages(blocks: readonly GreyImages[]): number {
  return blocks.reduce((sum, { count }) => sum + count, 0);
}
