import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngramError } from '../contract/errors.ts';
import { mutations } from './mutations.ts';
import { decodeSafetensors, encodeSafetensors, type NamedArrays } from './safetensors.ts';

const sample: NamedArrays = {
  w: { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, -2, 0.5, 3, 4, 5) },
  eta: { dtype: 'F64', shape: [1], data: Float64Array.of(0.01) },
  mask: { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 0, 1) },
  order: { dtype: 'I32', shape: [2], data: Int32Array.of(-7, 9) },
  scalar: { dtype: 'F32', shape: [], data: Float32Array.of(8) },
  nothing: { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) },
};

/** A file with this header text, padded as written, and this many bytes of data. */
function fileWith(header: string | Uint8Array, dataBytes: number): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const file = new Uint8Array(8 + text.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

const entry = (fields: object) => JSON.stringify({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...fields } });

describe('safetensors', () => {
  it('gives back what was written', () => {
    const decoded = decodeSafetensors(encodeSafetensors(sample, { experiment: 'images', note: 'ü "quoted"' }));
    expect(decoded.arrays).toEqual(sample);
    expect(decoded.metadata).toEqual({ experiment: 'images', note: 'ü "quoted"' });
  });

  it('writes the bytes that the format prescribes', () => {
    const file = encodeSafetensors({
      b: { dtype: 'U8', shape: [2], data: Uint8Array.of(7, 8) },
      a: { dtype: 'F32', shape: [1], data: Float32Array.of(1) },
    });
    const headerBytes = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(headerBytes % 8).toBe(0);
    expect(new TextDecoder().decode(file.subarray(8, 8 + headerBytes)).trimEnd()).toBe(
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}',
    );
    expect([...file.subarray(8 + headerBytes)]).toEqual([0, 0, 0x80, 0x3f, 7, 8]);
  });

  it('writes the same bytes whatever the order of the arrays and metadata', () => {
    const reversed = Object.fromEntries(Object.entries(sample).reverse());
    expect(encodeSafetensors(reversed, { a: '1', b: '2' })).toEqual(encodeSafetensors(sample, { b: '2', a: '1' }));
  });

  it('reads from any offset within a larger buffer, and copies', () => {
    const file = encodeSafetensors(sample);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    const { arrays } = decodeSafetensors(shifted.subarray(3));
    shifted.fill(0);
    expect(arrays).toEqual(sample);
  });

  it('keeps names that mean something to JavaScript', () => {
    const arrays = Object.fromEntries(['__proto__', 'constructor', '1'].map((name) => [name, sample['w']!]));
    expect(Object.keys(decodeSafetensors(encodeSafetensors(arrays)).arrays).sort()).toEqual(['1', '__proto__', 'constructor']);
  });

  it('refuses to write an array that contradicts itself', () => {
    expect(() => encodeSafetensors({ a: { dtype: 'F32', shape: [3], data: new Float32Array(2) } })).toThrow(/shape \[3\] has 2 elements/);
    expect(() => encodeSafetensors({ a: { dtype: 'F64', shape: [2], data: new Float32Array(2) } })).toThrow(
      /F64, but holds a Float32Array/,
    );
  });

  it.each([
    ['truncated', 'fewer bytes than the length takes', new Uint8Array(5)],
    ['header', 'a header longer than the format allows', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1)],
    ['truncated', 'a header longer than the file', Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d)],
    ['header', 'no JSON', fileWith('{"a":', 0)],
    ['header', 'bytes that are not UTF-8', fileWith(Uint8Array.of(0x22, 0xff, 0x22), 0)],
    ['header', 'JSON that is no object', fileWith('[1]', 0)],
    [
      'duplicate',
      'a name that stands twice',
      fileWith(`${entry({}).slice(0, -1)},"\\u0061":{"dtype":"U8","shape":[0],"data_offsets":[8,8]}}`, 8),
    ],
    ['entry', 'an array that is no object', fileWith('{"a":3}', 0)],
    ['dtype', 'an unknown dtype', fileWith(entry({ dtype: 'BF16' }), 8)],
    ['dtype', 'a dtype of another kind', fileWith(entry({ dtype: 'toString' }), 8)],
    ['shape', 'a negative size', fileWith(entry({ shape: [-2] }), 8)],
    ['shape', 'a shape that does not fit its bytes', fileWith(entry({ shape: [3] }), 8)],
    ['shape', 'a shape beyond all bounds', fileWith(entry({ shape: [1e15, 1e15, 1e15] }), 8)],
    ['offsets', 'offsets the wrong way round', fileWith(entry({ data_offsets: [8, 0] }), 8)],
    ['truncated', 'data that ends early', fileWith(entry({}), 4)],
    ['offsets', 'data after the last array', fileWith(entry({}), 9)],
    ['offsets', 'a hole', fileWith(entry({ data_offsets: [4, 12] }), 12)],
    ['offsets', 'an overlap', fileWith(`${entry({}).slice(0, -1)},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}`, 12)],
    ['metadata', 'metadata that is no text', fileWith('{"__metadata__":{"a":1}}', 0)],
  ])('safetensors-%s: refuses %s', (rule, _what, file) => {
    expect(() => decodeSafetensors(file)).toThrow(expect.objectContaining({ kind: 'input', code: `safetensors-${rule}` }));
  });

  it('gives arrays that fit their shapes, or an error of its own, for any mutated file', () => {
    const file = encodeSafetensors(sample, { a: 'b' });
    let survivors = 0;
    fc.assert(
      fc.property(mutations(), (mutate) => {
        try {
          const { arrays } = decodeSafetensors(mutate(file));
          for (const { shape, data } of Object.values(arrays)) expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
          survivors++;
        } catch (error) {
          expect(error).toBeInstanceOf(EngramError);
        }
      }),
      { numRuns: 4000 },
    );
    expect(survivors).toBeGreaterThan(0);
  });
});
