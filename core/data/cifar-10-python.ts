/** CIFAR-10's Python version: a pickled dictionary with `data` [n, 3072] of bytes and `labels` (https://www.cs.toronto.edu/~kriz/cifar.html). */
import { InputError } from '../contract/errors.ts';
import { writeGrey, type Cifar10RecordListener } from './cifar-10-binary.ts';
import type { GreyImages } from './grey-images.ts';
import { isKind, type PickleDict } from './pickle-values.ts';
import { readPickle } from './pickle.ts';

const imageBytes = 3 * 32 * 32;

/** Whether a file's beginning is that of a pickle of protocol 2 (a binary batch begins with a label, 0 to 9). */
export function looksLikePickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80;
}

/**
 * A batch's images, read without executing anything.
 * @param name what the errors call the file
 * @throws InputError `dataset-pickle` for any other pickle, `dataset-truncated`, `dataset-label`, `dataset-cifar-100`.
 */
export function decodeCifar10Python(bytes: Uint8Array, name: string, onRecord?: Cifar10RecordListener): GreyImages {
  const batch = readPickle(bytes, name);
  if (!isKind(batch, 'dict')) throw new InputError('dataset-pickle', `${name} holds no dictionary, as a CIFAR-10 batch does`);
  if (batch.entries.has('fine_labels')) {
    throw new InputError('dataset-cifar-100', `${name} has "fine_labels": it is CIFAR-100, and CIFAR-10 is needed`);
  }
  const data = batch.entries.get('data');
  if (!isKind(data, 'array')) throw new InputError('dataset-pickle', `${name} has no array "data", as a CIFAR-10 batch does`);
  const [count = 0, perImage] = data.shape;
  if (data.shape.length !== 2 || perImage !== imageBytes || count === 0) {
    throw new InputError(
      'dataset-record-size',
      `${name}: "data" has shape [${data.shape.join(', ')}]; CIFAR-10's is [records, ${imageBytes}]`,
    );
  }
  const labels = readLabels(batch, count, name);

  const pixels = new Uint16Array(count * 1024);
  for (let image = 0; image < count; image++) {
    const planes = data.data.subarray(image * imageBytes, (image + 1) * imageBytes);
    writeGrey(planes, pixels.subarray(image * 1024, (image + 1) * 1024));
    onRecord?.(labels[image]!, planes);
  }
  return { count, width: 32, height: 32, pixels };
}

function readLabels({ entries }: PickleDict, count: number, name: string): readonly number[] {
  const labels = entries.get('labels');
  if (!isKind(labels, 'list')) throw new InputError('dataset-pickle', `${name} has no list "labels", as a CIFAR-10 batch does`);
  if (labels.items.length !== count) throw new InputError('dataset-label', `${name} has ${labels.items.length} labels for ${count} images`);
  return labels.items.map((label, record) => {
    if (typeof label === 'number' && label >= 0 && label <= 9) return label;
    const found = typeof label === 'number' ? label : 'that is no number';
    throw new InputError('dataset-label', `${name}: record ${record} has label ${found}; CIFAR-10's labels are 0 to 9`);
  });
}
