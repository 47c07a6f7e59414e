/** One file of CIFAR-10, binary or Python version: its images, its hash, and a survey of its classes. */
import { createHash } from 'node:crypto';
import { InputError } from '../../core/contract/errors.ts';
import { createCifar10BinaryReader, type Cifar10RecordListener } from '../../core/data/cifar-10-binary.ts';
import { decodeCifar10Python, looksLikePickle } from '../../core/data/cifar-10-python.ts';
import type { GreyImages } from '../../core/data/grey-images.ts';

export type Cifar10Format = 'cifar-10-binary' | 'cifar-10-python';

export interface Cifar10Batch {
  /** `data_batch_1` … `data_batch_5` or `test_batch`. */
  readonly role: string;
  readonly format: Cifar10Format;
  readonly sha256: string;
  readonly images: GreyImages;
  /** [10], by label. */
  readonly classes: readonly ClassSurvey[];
}

export interface ClassSurvey {
  readonly count: number;
  /** The first few: [3, 32, 32] each. */
  readonly samples: readonly Uint8Array[];
}

const classCount = 10;
const samplesPerClass = 25;
/** A Python batch is held whole while it is read. */
const maximumBatchBytes = 256 * 2 ** 20;

/**
 * @param name what the errors call it
 * @throws InputError `dataset-…` for a damaged, truncated or wrong file.
 */
export async function readBatch(role: string, name: string, sizeBytes: number, content: AsyncIterable<Uint8Array>): Promise<Cifar10Batch> {
  if (sizeBytes > maximumBatchBytes) {
    throw new InputError('dataset-too-large', `${name} has ${sizeBytes} bytes, and no CIFAR-10 batch has more than ${maximumBatchBytes}`);
  }
  const digest = createHash('sha256');
  const classes = Array.from({ length: classCount }, () => ({ count: 0, samples: new Array<Uint8Array>() }));
  const survey: Cifar10RecordListener = (label, planes) => {
    const { samples } = classes[label]!;
    classes[label]!.count++;
    if (samples.length < samplesPerClass) samples.push(Uint8Array.from(planes));
  };
  let reader: BatchReader | undefined;
  for await (const chunk of content) {
    digest.update(chunk);
    reader ??= createBatchReader(chunk, name, sizeBytes, survey);
    reader.push(chunk);
  }
  if (reader === undefined) throw new InputError('dataset-truncated', `${name} is empty`);
  return { role, format: reader.format, images: reader.finish(), sha256: digest.digest('hex'), classes };
}

interface BatchReader {
  readonly format: Cifar10Format;
  push(chunk: Uint8Array): void;
  finish(): GreyImages;
}

function createBatchReader(firstChunk: Uint8Array, name: string, sizeBytes: number, survey: Cifar10RecordListener): BatchReader {
  if (!looksLikePickle(firstChunk)) return { format: 'cifar-10-binary', ...createCifar10BinaryReader(name, sizeBytes, survey) };
  const whole = new Uint8Array(sizeBytes);
  let received = 0;
  return {
    format: 'cifar-10-python',
    push(chunk) {
      // A file that grew since its size was asked for: what is beyond is not needed to see that it is no pickle.
      whole.set(chunk.subarray(0, sizeBytes - received), received);
      received += Math.min(chunk.length, sizeBytes - received);
    },
    finish: () => decodeCifar10Python(whole.subarray(0, received), name, survey),
  };
}
