/** Writes drawings as PNG files, as Omniglot holds them, for the tests (not used by the product). */
import { crc32, deflateSync } from 'node:zlib';
import { drawingSide } from './character-images.ts';

export const filterNames = ['none', 'sub', 'up', 'average', 'paeth'] as const;

const rowBytes = 14;
const usualHeader = [0, 0, 0, drawingSide, 0, 0, 0, drawingSide, 1, 0, 0, 0, 0];

/** A PNG of one bit a pixel; `instead` puts another header or other compressed rows into it. */
export function encodeDrawing(
  drawing: Uint8Array,
  filter: (typeof filterNames)[number],
  instead: { readonly header?: readonly number[]; readonly compressed?: Uint8Array } = {},
): Uint8Array {
  const paper = drawing.map((bits) => ~bits & 0xff);
  const rows = Array.from({ length: drawingSide }, (_, row) => filteredRow(paper, row, filter));
  const { header = usualHeader, compressed = deflateSync(Buffer.concat(rows)) } = instead;
  const chunks = [chunk('IHDR', Uint8Array.from(header)), chunk('IDAT', compressed), chunk('IEND', new Uint8Array(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

/** As the specification writes it: what remains when the predicted byte is taken away. */
function filteredRow(paper: Uint8Array, row: number, filter: (typeof filterNames)[number]): Uint8Array {
  const byte = (r: number, at: number) => (r < 0 || at < 0 ? 0 : paper[r * rowBytes + at]!);
  const predicted = {
    none: () => 0,
    sub: (at: number) => byte(row, at - 1),
    up: (at: number) => byte(row - 1, at),
    average: (at: number) => Math.floor((byte(row, at - 1) + byte(row - 1, at)) / 2),
    paeth: (at: number) => {
      const neighbours = [byte(row, at - 1), byte(row - 1, at), byte(row - 1, at - 1)] as const;
      const estimate = neighbours[0] + neighbours[1] - neighbours[2];
      const nearest = Math.min(...neighbours.map((value) => Math.abs(estimate - value)));
      return neighbours.find((value) => Math.abs(estimate - value) === nearest)!;
    },
  }[filter];
  return Uint8Array.from([filterNames.indexOf(filter), ...Array.from({ length: rowBytes }, (_, at) => byte(row, at) - predicted(at))]);
}

function chunk(type: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
