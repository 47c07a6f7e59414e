/** Reads the one kind of PNG that Omniglot holds: 105 × 105 pixels of one bit, grey, not interlaced (W3C PNG, third edition). */
import { crc32, inflateSync } from 'node:zlib';
import { InputError } from '../contract/errors.ts';
import { drawingBytes, drawingSide } from './character-images.ts';

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const rowBytes = drawingBytes / drawingSide;
/** The first 13 bytes of content: width, height, bits, colour type, compression, filter, interlace. */
const expectedHeader = Buffer.from([0, 0, 0, drawingSide, 0, 0, 0, drawingSide, 1, 0, 0, 0, 0]);
/** Pixels beyond the 105th of a row, which mean nothing. */
const padding = 0xff >> (drawingSide % 8);

/**
 * A drawing as `Character` holds it: black is ink.
 * @param name what the errors call the file
 * @throws InputError `dataset-image` for any other picture and a damaged one.
 */
export function decodeDrawing(file: Uint8Array, name: string): Uint8Array {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  if (!bytes.subarray(0, signature.length).equals(signature)) throw new InputError('dataset-image', `${name} is no PNG file`);
  const compressed: Uint8Array[] = [];
  let headers = 0;
  for (const { type, content } of chunks(bytes, name)) {
    if (type === 'IHDR') checkHeader(content, name, headers++);
    else if (type === 'IDAT') compressed.push(content);
  }
  if (headers === 0) throw new InputError('dataset-image', `${name} is a PNG file without a header`);
  return unfilter(inflate(Buffer.concat(compressed), name), name);
}

function* chunks(bytes: Buffer, name: string): Iterable<{ type: string; content: Buffer }> {
  let position = signature.length;
  while (position + 12 <= bytes.length) {
    const length = bytes.readUInt32BE(position);
    const end = position + 8 + length;
    if (end + 4 > bytes.length) break;
    if (crc32(bytes.subarray(position + 4, end)) !== bytes.readUInt32BE(end)) throw damaged(name, 'a checksum is wrong');
    const type = bytes.toString('latin1', position + 4, position + 8);
    if (type === 'IEND') return;
    yield { type, content: bytes.subarray(position + 8, end) };
    position = end + 4;
  }
  throw damaged(name, 'it is cut short');
}

function checkHeader(header: Buffer, name: string, before: number): void {
  if (before > 0 || header.length !== expectedHeader.length) throw damaged(name, 'its header is none');
  if (header.equals(expectedHeader)) return;
  const size = `${header.readUInt32BE(0)}×${header.readUInt32BE(4)}`;
  throw new InputError(
    'dataset-image',
    `${name} is a PNG of ${size} pixels with ${header[8]} bits, colour type ${header[9]}; Omniglot's are ${drawingSide}×${drawingSide} with 1 bit, grey`,
  );
}

function inflate(compressed: Uint8Array, name: string): Uint8Array {
  const expected = drawingSide * (1 + rowBytes);
  try {
    const rows = inflateSync(compressed, { maxOutputLength: expected });
    if (rows.length === expected) return rows;
  } catch {
    // Too many bytes and damaged ones are the same to whoever reads the sentence.
  }
  throw damaged(name, 'its pixels cannot be read');
}

/** Undoes each row's filter; a pixel's left neighbour is the byte before, as for all depths below 8 bits. */
function unfilter(rows: Uint8Array, name: string): Uint8Array {
  const drawing = new Uint8Array(drawingBytes);
  for (let row = 0; row < drawingSide; row++) {
    const filter = rows[row * (1 + rowBytes)]!;
    if (filter > 4) throw damaged(name, `row ${row} has filter ${filter}, and PNG knows 0 to 4`);
    for (let at = 0; at < rowBytes; at++) {
      const place = row * rowBytes + at;
      const left = at > 0 ? drawing[place - 1]! : 0;
      const up = row > 0 ? drawing[place - rowBytes]! : 0;
      const upLeft = at > 0 && row > 0 ? drawing[place - rowBytes - 1]! : 0;
      drawing[place] = rows[row * (1 + rowBytes) + 1 + at]! + prediction(filter, left, up, upLeft);
    }
  }
  for (let place = 0; place < drawing.length; place++) drawing[place] = ~drawing[place]! & 0xff;
  for (let row = 1; row <= drawingSide; row++) drawing[row * rowBytes - 1]! &= ~padding;
  return drawing;
}

function prediction(filter: number, left: number, up: number, upLeft: number): number {
  if (filter === 4) {
    const estimate = left + up - upLeft;
    const [toLeft, toUp, toUpLeft] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - upLeft)];
    return toLeft <= toUp && toLeft <= toUpLeft ? left : toUp <= toUpLeft ? up : upLeft;
  }
  return [0, left, up, (left + up) >> 1][filter]!;
}

function damaged(name: string, reason: string): InputError {
  return new InputError('dataset-image', `${name} is a damaged PNG file: ${reason}`);
}
