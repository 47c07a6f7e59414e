import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngramError } from '../contract/errors.ts';
import { mutations } from '../files/mutations.ts';
import { drawingBytes, inkPixel, unpackDrawing } from './character-images.ts';
import { decodeDrawing } from './omniglot-png.ts';
import { createOmniglotCollector, omniglotPlace } from './omniglot.ts';
import { encodeDrawing, filterNames } from './test-drawings.ts';

const refusal = (code: string) => expect.objectContaining({ kind: 'input', code }) as Error;

/** Every third pixel along a diagonal pattern. */
const patterned = new Uint8Array(drawingBytes);
for (let at = 0; at < 105 * 105; at += 1) if ((at * 7 + (at >> 5)) % 3 === 0) inkPixel(patterned, Math.floor(at / 105), at % 105);

describe('drawings', () => {
  it('have a bit for each pixel', () => {
    const drawing = new Uint8Array(drawingBytes);
    const inked = [
      [0, 0],
      [3, 104],
      [104, 9],
    ] as const;
    for (const [row, column] of [...inked, [-1, 3], [3, 105]] as const) inkPixel(drawing, row, column);
    const pixels = unpackDrawing(drawing);
    expect([...pixels.entries()].flatMap(([at, ink]) => (ink === 1 ? [[Math.floor(at / 105), at % 105]] : []))).toEqual(inked);
  });

  it.each(filterNames)('are read from PNG files with the filter %s', (filter) => {
    expect(decodeDrawing(encodeDrawing(patterned, filter), 'x')).toEqual(patterned);
  });

  it('are refused when they are of another kind or damaged, with the name and the reason', () => {
    const file = encodeDrawing(patterned, 'none');
    const refuses = (bytes: Uint8Array, sentence: string) => {
      expect(() => decodeDrawing(bytes, 'a/b.png')).toThrow(refusal('dataset-image'));
      expect(() => decodeDrawing(bytes, 'a/b.png')).toThrow(sentence);
    };
    refuses(Buffer.from('GIF89a'), 'a/b.png is no PNG file');
    refuses(file.subarray(0, 200), 'it is cut short');
    refuses(
      encodeDrawing(patterned, 'none', { header: [0, 0, 0, 28, 0, 0, 0, 28, 8, 2, 0, 0, 0] }),
      '28×28 pixels with 8 bits, colour type 2',
    );
    refuses(encodeDrawing(patterned, 'none', { compressed: deflateSync(Buffer.alloc(5000)) }), 'its pixels cannot be read');
    refuses(encodeDrawing(patterned, 'none', { compressed: deflateSync(Buffer.alloc(1575, 9)) }), 'row 0 has filter 9');
    const flipped = Uint8Array.from(file);
    flipped[60]! ^= 1;
    refuses(flipped, 'a checksum is wrong');
  });

  it('give a drawing or an error of their own for any mutated file', () => {
    const file = encodeDrawing(patterned, 'paeth');
    fc.assert(
      fc.property(mutations(), (mutate) => {
        try {
          expect(decodeDrawing(mutate(file), 'x').length).toBe(drawingBytes);
        } catch (error) {
          expect(error).toBeInstanceOf(EngramError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('Omniglot', () => {
  const drawing = (seed: number) => {
    const bits = new Uint8Array(drawingBytes);
    inkPixel(bits, seed % 105, Math.floor(seed / 105));
    return bits;
  };
  const place = (alphabet: string, character: number, drawer: number) =>
    omniglotPlace(`${alphabet}/character0${character}/000${character}_${String(drawer).padStart(2, '0')}.png`)!;

  it('is recognised by its paths', () => {
    const expected = { alphabet: 'Greek', character: 'character01', file: '0394_01.png' };
    expect(omniglotPlace('Greek/character01/0394_01.png')).toEqual(expected);
    expect(omniglotPlace('images_background/Greek/character01/0394_01.png')).toEqual(expected);
    for (const other of [
      'character01/0394_01.png',
      'Greek/01/0394_01.png',
      'Greek/character01/0394.png',
      '.x/character01/1_1.png',
      'Greek/character01/',
    ]) {
      expect(omniglotPlace(other)).toBeUndefined();
    }
  });

  it('is sorted, whatever order it comes in, and counts the same drawing once', () => {
    const collector = createOmniglotCollector();
    for (const drawer of [...Array(20).keys()].reverse()) {
      collector.add(place('B', 2, drawer + 1), encodeDrawing(drawing(drawer), 'up'), 'b2');
      collector.add(place('B', 1, drawer + 1), encodeDrawing(drawing(40 + drawer), 'none'), 'b1');
      collector.add(place('A', 1, drawer + 1), encodeDrawing(drawing(80 + drawer), 'none'), 'a1');
    }
    collector.add(place('B', 2, 7), encodeDrawing(drawing(6), 'none'), 'again');
    const { characters, repeated } = collector.finish();
    expect(characters.map(({ alphabet, name }) => `${alphabet}/${name}`)).toEqual(['A/character01', 'B/character01', 'B/character02']);
    expect(characters[2]!.drawings).toEqual([...Array(20).keys()].map(drawing));
    expect(repeated).toBe(1);
  });

  it('refuses two drawings at one place, and characters drawn too seldom', () => {
    const collector = createOmniglotCollector();
    collector.add(place('A', 1, 1), encodeDrawing(drawing(1), 'none'), 'first.png');
    expect(() => collector.add(place('A', 1, 1), encodeDrawing(drawing(2), 'none'), 'second.png')).toThrow(refusal('dataset-ambiguous'));
    expect(() => collector.finish()).toThrow(refusal('dataset-incomplete'));
    expect(() => collector.finish()).toThrow('A/character01 has 1 drawings');
  });
});
