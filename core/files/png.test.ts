import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodePng } from './png.ts';

describe('encodePng', () => {
  it('writes grey and RGB pictures that an independent decoder reads back', async () => {
    for (const channels of [1, 3] as const) {
      const pixels = Uint8Array.from({ length: 5 * 3 * channels }, (_, index) => (index * 37) % 256);
      const read = sharp(encodePng({ width: 5, height: 3, channels, pixels }));
      expect(await read.metadata()).toMatchObject({ format: 'png', width: 5, height: 3, channels, depth: 'uchar' });
      expect([...(await (channels === 1 ? read.extractChannel(0) : read).raw().toBuffer())]).toEqual([...pixels]);
    }
  });

  it('writes the chunks in order, each row behind its filter byte', () => {
    const file = Buffer.from(encodePng({ width: 2, height: 2, channels: 1, pixels: Uint8Array.of(1, 2, 3, 4) }));
    expect([
      file.toString('latin1', 12, 16),
      file.toString('latin1', 37, 41),
      file.toString('latin1', file.length - 8, file.length - 4),
    ]).toEqual(['IHDR', 'IDAT', 'IEND']);
    expect([...inflateSync(file.subarray(41, 41 + file.readUInt32BE(33)))]).toEqual([0, 1, 2, 0, 3, 4]);
  });

  it('refuses pixels that do not fit', () => {
    expect(() => encodePng({ width: 2, height: 2, channels: 3, pixels: new Uint8Array(4) })).toThrow('2×2×3 does not fit 4 pixel bytes');
    expect(() => encodePng({ width: 0, height: 2, channels: 1, pixels: new Uint8Array(0) })).toThrow('0×2');
  });
});
