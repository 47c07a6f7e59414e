/** CIFAR-10's binary version: records of one label byte and 3 × 1,024 pixel bytes (https://www.cs.toronto.edu/~kriz/cifar.html). */
import { InputError } from '../contract/errors.ts';
import type { GreyImages } from './grey-images.ts';

const side = 32;
const planeBytes = side * side;
export const cifar10RecordBytes = 1 + 3 * planeBytes;
const cifar100RecordBytes = 2 + 3 * planeBytes;

/** Told of each record in its order; `planes` [3, 32, 32] (red, green, blue) is good only during the call. */
export type Cifar10RecordListener = (label: number, planes: Uint8Array) => void;

export interface Cifar10BinaryReader {
  /**
   * The next bytes of the file, cut anywhere.
   * @throws InputError `dataset-label` for a label beyond 9, `dataset-record-size` for more bytes than announced.
   */
  push(bytes: Uint8Array): void;
  /** @throws InputError `dataset-truncated` when fewer bytes came than announced. */
  finish(): GreyImages;
}

/**
 * Reads a batch piece by piece, keeping grey values alone: 2 KB a record.
 * @param name what the errors call the file
 * @param sizeBytes the whole file's size
 * @throws InputError `dataset-record-size` when that is no whole number of records, `dataset-cifar-100` when it is one of CIFAR-100's.
 */
export function createCifar10BinaryReader(name: string, sizeBytes: number, onRecord?: Cifar10RecordListener): Cifar10BinaryReader {
  checkSize(name, sizeBytes);
  const count = sizeBytes / cifar10RecordBytes;
  const pixels = new Uint16Array(count * planeBytes);
  const partial = new Uint8Array(cifar10RecordBytes);
  let partialBytes = 0;
  let records = 0;

  const takeRecord = (record: Uint8Array) => {
    if (records === count) throw new InputError('dataset-record-size', `${name} goes on beyond its ${sizeBytes} bytes`);
    const label = record[0]!;
    if (label > 9) throw new InputError('dataset-label', `${name}: record ${records} has label ${label}; CIFAR-10's labels are 0 to 9`);
    const planes = record.subarray(1);
    writeGrey(planes, pixels.subarray(records * planeBytes, (records + 1) * planeBytes));
    onRecord?.(label, planes);
    records++;
  };

  return {
    push(bytes) {
      let position = 0;
      while (position < bytes.length) {
        if (partialBytes === 0 && bytes.length - position >= cifar10RecordBytes) {
          takeRecord(bytes.subarray(position, (position += cifar10RecordBytes)));
          continue;
        }
        const piece = bytes.subarray(position, position + cifar10RecordBytes - partialBytes);
        partial.set(piece, partialBytes);
        position += piece.length;
        partialBytes += piece.length;
        if (partialBytes === cifar10RecordBytes) {
          takeRecord(partial);
          partialBytes = 0;
        }
      }
    },
    finish() {
      const received = records * cifar10RecordBytes + partialBytes;
      if (received !== sizeBytes) throw new InputError('dataset-truncated', `${name} ends after ${received} of its ${sizeBytes} bytes`);
      return { count, width: side, height: side, pixels };
    },
  };
}

/**
 * A whole batch at once.
 * @throws InputError as `createCifar10BinaryReader` and its reader do.
 */
export function decodeCifar10Binary(bytes: Uint8Array, name: string): GreyImages {
  const reader = createCifar10BinaryReader(name, bytes.length);
  reader.push(bytes);
  return reader.finish();
}

/** Adds up the three colour planes of a record. Both CIFAR-10 versions store an image so. */
export function writeGrey(planes: Uint8Array, grey: Uint16Array): void {
  for (let at = 0; at < planeBytes; at++) grey[at] = planes[at]! + planes[at + planeBytes]! + planes[at + 2 * planeBytes]!;
}

function checkSize(name: string, sizeBytes: number): void {
  if (sizeBytes > 0 && sizeBytes % cifar10RecordBytes === 0) return;
  if (sizeBytes > 0 && sizeBytes % cifar100RecordBytes === 0) {
    throw new InputError(
      'dataset-cifar-100',
      `${name} has CIFAR-100's record size (${cifar100RecordBytes} bytes); CIFAR-10 is needed (${cifar10RecordBytes})`,
    );
  }
  throw new InputError(
    'dataset-record-size',
    `${name} has ${sizeBytes} bytes, not a whole number of CIFAR-10's ${cifar10RecordBytes}-byte records: it is cut short or of another kind`,
  );
}
