/** A picture that somebody gives, as grey values of the network's size, and what was done to it. */
import { InputError } from '../../core/contract/errors.ts';
import { formatBytes, formatCount } from '../format.ts';

export interface OwnImage {
  readonly name: string;
  /** [size, size], 0 to 255. */
  readonly grey: readonly number[];
  /** "640 × 480, colour: the middle of it, grey, 32 × 32". */
  readonly conversion: string;
}

const mostBytes = 50e6;
const mostPixels = 100e6;

/** The square in its middle, made smaller or larger; transparency counts as white. @throws InputError `own-image` for what is no picture. */
export async function readOwnImage(file: File, size: number): Promise<OwnImage> {
  if (file.size > mostBytes) throw new InputError('own-image', `${file.name} has ${formatBytes(file.size)}; a picture may have 50 MB`);
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new InputError('own-image', `${file.name} cannot be read as a picture: a PNG or JPEG is wanted`);
  });
  try {
    const { width, height } = bitmap;
    if (width * height > mostPixels) throw new InputError('own-image', `${file.name} has more than 100 million pixels`);
    const side = Math.min(width, height);
    const context = new OffscreenCanvas(size, size).getContext('2d', { willReadFrequently: true })!;
    context.fillStyle = 'white';
    context.fillRect(0, 0, size, size);
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, (width - side) / 2, (height - side) / 2, side, side, 0, 0, size, size);
    const { data } = context.getImageData(0, 0, size, size);
    const pixels = Array.from({ length: size * size }, (_, at) => [data[4 * at]!, data[4 * at + 1]!, data[4 * at + 2]!] as const);
    const isGrey = pixels.every(([red, green, blue]) => red === green && green === blue);
    // Rec. 601, as sharp's greyscale and most decoders weigh them.
    const grey = pixels.map(([red, green, blue]) => Math.round(0.299 * red + 0.587 * green + 0.114 * blue));
    const done = [width === height ? '' : 'the square in its middle', isGrey ? '' : 'grey', side === size ? '' : `${size} × ${size}`];
    const changes = done.filter((part) => part !== '').join(', ');
    const is = `${formatCount(width)} × ${formatCount(height)}${isGrey ? '' : ', colour'}`;
    return { name: file.name, grey, conversion: changes === '' ? is : `${is}: ${changes}` };
  } finally {
    bitmap.close();
  }
}
