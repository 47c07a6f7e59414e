/** Small data sets of each kind on the disk, for the tests. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { binaryBatch, pickledBatch, sampleBatch } from '../../../core/data/test-pickles.ts';
import { encodePng } from '../../../core/files/png.ts';
import { alphabetFiles } from './drawings.ts';
import { zipOf } from './zips.ts';

export type Files = Readonly<Record<string, Uint8Array>>;

/** Writes them below `folder`, which is returned. */
export function writeFiles(folder: string, files: Files): string {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

export async function tarOf(files: Files): Promise<Buffer> {
  const pack = tar.pack();
  for (const [name, bytes] of Object.entries(files)) pack.entry({ name }, Buffer.from(bytes));
  pack.finalize();
  const pieces: Uint8Array[] = [];
  for await (const piece of pack as AsyncIterable<Uint8Array>) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Twelve images for training and three for evaluation. */
export const binaryFiles: Files = {
  'cifar-10-batches-bin/batches.meta.txt': Buffer.from('plane\ncar\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n'),
  'cifar-10-batches-bin/data_batch_1.bin': binaryBatch(sampleBatch(7, 1)),
  'cifar-10-batches-bin/data_batch_2.bin': binaryBatch(sampleBatch(5, 2)),
  'cifar-10-batches-bin/test_batch.bin': binaryBatch(sampleBatch(3, 3)),
  'cifar-10-batches-bin/readme.html': Buffer.from('<html>'),
};

export const pythonFiles: Files = {
  'cifar-10-batches-py/data_batch_1': pickledBatch(sampleBatch(7, 1), 'python-2'),
  'cifar-10-batches-py/data_batch_2': pickledBatch(sampleBatch(5, 2), 'python-3'),
  'cifar-10-batches-py/test_batch': pickledBatch(sampleBatch(3, 3), 'python-2'),
};

export const cifar10Archive = async (files: Files): Promise<Uint8Array> => gzipSync(await tarOf(files));

/** Two characters of one alphabet and one of another, as an extracted set. */
export const omniglotFiles: Files = Object.fromEntries(
  [...alphabetFiles('Greek', 2), ...alphabetFiles('Tagalog', 1, 50)].map(({ name, content }) => [name, content]),
);

export const zipOfFiles = (files: Files, prefix = ''): Uint8Array =>
  zipOf(Object.entries(files).map(([name, content]) => ({ name: prefix + name, content })));

/** A grey picture, each seed another one. */
export function pictureOf(seed: number, side = 40): Uint8Array {
  const pixels = Uint8Array.from({ length: side * side }, (_, at) => ((at * at * (seed + 1)) % 65_521) % 256);
  return encodePng({ width: side, height: side, channels: 1, pixels });
}

/** Six pictures of cats and four of dogs. */
export const pictureFiles: Files = Object.fromEntries(
  Array.from({ length: 10 }, (_, seed) => [`${seed < 6 ? 'cats' : 'dogs'}/${seed}.png`, pictureOf(seed)]),
);
