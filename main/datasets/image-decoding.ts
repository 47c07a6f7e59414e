/** Decodes PNG and JPEG files to grey values, with the limits that keep a hostile file from taking all memory. */
import { createHash } from 'node:crypto';
import type { Sharp } from 'sharp';
import { InputError } from '../../core/contract/errors.ts';
import type { GreyImages } from '../../core/data/grey-images.ts';

/** 100 megapixels: larger than any camera's ordinary photograph. */
const maximumPixels = 100_000_000;
const timeoutSeconds = 60;

export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  /** [height, width], row-major, 0..765 as in `GreyImages`. */
  readonly pixels: Uint16Array;
  /** Whether any pixel is not grey. */
  readonly isColour: boolean;
}

/** Whether a file begins as a PNG or a JPEG; whatever it is called, nothing else reaches the decoder. */
function isPngOrJpeg(bytes: Uint8Array): boolean {
  const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  const jpeg = [0xff, 0xd8, 0xff];
  return [png, jpeg].some((signature) => signature.every((byte, at) => bytes[at] === byte));
}

/**
 * The grey image in `bytes`: transparency on black, 16 bits cut to 8, grey images as red = green = blue, turned as its EXIF says.
 * @param path what the errors call the file
 * @throws InputError `dataset-image` when it is no PNG or JPEG, is damaged or has more than 100 megapixels.
 */
export async function decodeImage(bytes: Uint8Array, path: string): Promise<DecodedImage> {
  const { width, height, channels, data } = await decode(bytes, path, (image) => image);
  return { width, height, pixels: sumChannels(data, channels, width * height), isColour: channels >= 3 && hasColour(data, channels) };
}

/**
 * The image cut and scaled to a square, in colour: [side, side, 3].
 * @throws InputError as `decodeImage` does.
 */
export async function decodeSquare(bytes: Uint8Array, path: string, side: number): Promise<Uint8Array> {
  const { channels, data } = await decode(bytes, path, (image) => image.resize(side, side, { fit: 'cover' }));
  return channels === 3 ? data : Uint8Array.from({ length: side * side * 3 }, (_, at) => data[Math.floor(at / 3) * channels]!);
}

/** A grey square scaled down: [side, side]. */
export async function scaleSquare(pixels: Uint8Array, from: number, side: number): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const image = sharp(pixels, { raw: { width: from, height: from, channels: 1 } });
  return image.resize(side, side, { kernel: 'mitchell' }).toColourspace('b-w').raw({ depth: 'uchar' }).toBuffer();
}

interface Decoded {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

async function decode(bytes: Uint8Array, path: string, change: (image: Sharp) => Sharp): Promise<Decoded> {
  if (!isPngOrJpeg(bytes)) throw new InputError('dataset-image', `${path} is neither a PNG nor a JPEG file, whatever its name says`);
  // Loaded here, because only data sets of images need it, and it takes 30 MB.
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  const image = sharp(bytes, { limitInputPixels: maximumPixels, failOn: 'warning' }).timeout({ seconds: timeoutSeconds }).autoOrient();
  const { info, data } = await change(image)
    .flatten({ background: '#000' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
      throw new InputError('dataset-image', `cannot decode ${path}: ${reason}`, { cause });
    });
  return { width: info.width, height: info.height, channels: info.channels, data };
}

/** SHA-256 of what the network sees of an image; copies saved in another format or with other notes have the same. */
export function hashPixels({ width, height, pixels }: DecodedImage): string {
  return createHash('sha256').update(`${width}×${height}`).update(pixels).digest('hex');
}

/** Blocks by size, smaller ones first; within a block the images keep their order. */
export function groupBySize(images: readonly DecodedImage[]): GreyImages[] {
  const groups = Map.groupBy(images, ({ width, height }) => `${width}×${height}`);
  const blocks = [...groups.values()].map((group): GreyImages => {
    const { width, height, pixels } = group[0]!;
    if (group.length === 1) return { count: 1, width, height, pixels };
    const all = new Uint16Array(group.length * width * height);
    group.forEach((image, index) => all.set(image.pixels, index * width * height));
    return { count: group.length, width, height, pixels: all };
  });
  return blocks.sort((a, b) => a.width - b.width || a.height - b.height);
}

function sumChannels(data: Uint8Array, channels: number, count: number): Uint16Array {
  const grey = new Uint16Array(count);
  if (channels < 3) for (let at = 0; at < count; at++) grey[at] = 3 * data[at * channels]!;
  else for (let at = 0; at < count; at++) grey[at] = data[at * channels]! + data[at * channels + 1]! + data[at * channels + 2]!;
  return grey;
}

function hasColour(data: Uint8Array, channels: number): boolean {
  for (let at = 0; at < data.length; at += channels) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return true;
  }
  return false;
}
