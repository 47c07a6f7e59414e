import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngramError } from '../contract/errors.ts';
import { mutations } from './mutations.ts';
import type { NamedArrays } from './named-arrays.ts';
import { encodeNpz } from './npz-write.ts';
import { decodeNpz } from './npz.ts';
import { encodeZip } from './zip-write.ts';
import { decodeZip } from './zip.ts';

const sample: NamedArrays = {
  'adam/w': { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, -0, 1e-40, 3, NaN, Infinity) },
  eta: { dtype: 'F64', shape: [], data: Float64Array.of(0.01) },
  mask: { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 0, 1) },
  order: { dtype: 'I32', shape: [2, 1, 1], data: Int32Array.of(-7, 9) },
  ü: { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) },
};

/** Written by numpy.savez_compressed (NumPy 2): w [[0, 1, 2], [3, 4, 5]], eta 0.01, order [-7, 9], mask [1, 0, 1]. */
const fromNumpy = Buffer.from(
  `UEsDBC0AAAAIAAAAIQBP6QAq//////////8FABQAdy5ucHkBABAAmAAAAAAAAABVAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqKuo6Cell9UUpSYF59flJIKEndLzClO
BYoXZyQWpAL5GkY6CsaaOgq1CmQDLgYwaLAHEg5ABMQNQLzAAQBQSwMELQAAAAgAAAAhANRKyPT//////////wcAFABldGEubnB5AQAQAIgAAAAAAAAASgAAAAAAAACb7BfqGxDJ
yFDGUK2eklqcXKRupaBuk2ahrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RqaOgq1ChQBrmqRde4Pq1rsAVBLAwQtAAAACAAAACEAhVezav//////////CQAUAG9yZGVy
Lm5weQEAEACIAAAAAAAAAE0AAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoq6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1ChQArp/////nZGBgAABQ
SwMELQAAAAgAAAAhAITgtm3//////////wgAFABtYXNrLm5weQEAEACDAAAAAAAAAEcAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoSd0vM
KU4FihdnJBakAvkaxjqaOgq1ChQALkYGRgBQSwECLQMtAAAACAAAACEAT+kAKlUAAACYAAAABQAAAAAAAAAAAAAAgAEAAAAAdy5ucHlQSwECLQMtAAAACAAAACEA1ErI9EoAAACI
AAAABwAAAAAAAAAAAAAAgAGMAAAAZXRhLm5weVBLAQItAy0AAAAIAAAAIQCFV7NqTQAAAIgAAAAJAAAAAAAAAAAAAACAAQ8BAABvcmRlci5ucHlQSwECLQMtAAAACAAAACEAhOC2
bUcAAACDAAAACAAAAAAAAAAAAAAAgAGXAQAAbWFzay5ucHlQSwUGAAAAAAQABADVAAAAGAIAAAAA`,
  'base64',
);

/** An .npz with one member `a.npy` of this header (after the version) and data. */
function fileWith(header: string, data: Uint8Array = new Uint8Array(8), version = 1): Uint8Array {
  const text = Buffer.from(header, 'latin1');
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(text.length, 0, length.length);
  const npy = Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.of(version, 0), length, text, data]);
  return encodeZip([{ name: 'a.npy', content: npy }]);
}

const fields = (all: { descr?: string; order?: string; shape?: string }) =>
  `{'descr': ${all.descr ?? "'<f4'"}, 'fortran_order': ${all.order ?? 'False'}, 'shape': ${all.shape ?? '(2,)'}, }\n`;

/** `file` with the little-endian number of `bytes` bytes at `at`, counted from the end where negative, changed. */
function withNumber(file: Uint8Array, at: number, bytes: number, value: number): Uint8Array {
  const copy = Buffer.from(file);
  copy.writeUIntLE(value, at < 0 ? copy.length + at : at, bytes);
  return copy;
}

const plain = fileWith(fields({}));
const noise = encodeZip([{ name: 'a.npy', content: Buffer.alloc(20, 0xff) }]);
const directoryAt = (file: Uint8Array) => Buffer.from(file).readUInt32LE(file.length - 6);

describe('npz', () => {
  it('gives back what was written, bit for bit', () => {
    expect(decodeNpz(encodeNpz(sample))).toEqual(sample);
    expect(decodeNpz(encodeNpz({}))).toEqual({});
  });

  it('reads what NumPy wrote, compressed', () => {
    expect(decodeNpz(fromNumpy)).toEqual({
      w: { dtype: 'F32', shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) },
      eta: { dtype: 'F64', shape: [], data: Float64Array.of(0.01) },
      order: { dtype: 'I32', shape: [2], data: Int32Array.of(-7, 9) },
      mask: { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 0, 1) },
    });
  });

  it('writes the header that the format prescribes, its end aligned to 64 bytes', () => {
    const member = decodeZip(encodeNpz({ w: { dtype: 'F32', shape: [3], data: Float32Array.of(1, 2, 3) } }))[0]!;
    expect(member.name).toBe('w.npy');
    const text = Buffer.from(member.content).toString('latin1');
    expect(text.slice(0, 10)).toBe('\x93NUMPY\x01\x00\x76\x00');
    expect(text.slice(10, 128)).toBe(`${"{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }".padEnd(117)}\n`);
    expect(member.content.length).toBe(128 + 12);
  });

  it('writes the same bytes whatever the order of the arrays', () => {
    expect(encodeNpz(Object.fromEntries(Object.entries(sample).reverse()))).toEqual(encodeNpz(sample));
  });

  it('reads from any offset within a larger buffer, and copies', () => {
    const file = encodeNpz(sample);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    const arrays = decodeNpz(shifted.subarray(3));
    shifted.fill(0);
    expect(arrays).toEqual(sample);
  });

  it('keeps names that mean something to JavaScript', () => {
    const arrays = Object.fromEntries(['__proto__', 'constructor', '1'].map((name) => [name, sample['mask']!]));
    expect(Object.keys(decodeNpz(encodeNpz(arrays))).sort()).toEqual(['1', '__proto__', 'constructor']);
  });

  it('reads headers of versions 2 and 3, in any order of fields, and Fortran order where it makes no difference', () => {
    const array = { a: { dtype: 'F32', shape: [2], data: Float32Array.of(0, 0) } };
    expect(decodeNpz(fileWith(fields({}), undefined, 2))).toEqual(array);
    expect(decodeNpz(fileWith(fields({ order: 'True' }), undefined, 3))).toEqual(array);
    expect(decodeNpz(fileWith(`{"shape":(2,),"descr":"<f4","fortran_order":False}`))).toEqual(array);
  });

  it('refuses to write an array that contradicts itself, or 4 GiB', () => {
    expect(() => encodeNpz({ a: { dtype: 'F32', shape: [3], data: new Float32Array(2) } })).toThrow(/shape \[3\] has 2 elements/);
    const huge = Object.defineProperty(new Uint8Array(0), 'byteLength', { value: 2 ** 32 });
    expect(() => encodeNpz({ a: { dtype: 'U8', shape: [0], data: huge } })).toThrow(
      expect.objectContaining({ kind: 'input', code: 'npz-too-large' }),
    );
  });

  it.each([
    ['format', 'no bytes', new Uint8Array(0)],
    ['format', 'bytes of another kind', Buffer.alloc(100, 'x')],
    ['format', 'a file that is cut short', plain.subarray(0, -1)],
    ['zip64', 'a directory of zip64', withNumber(plain, -6, 4, 0xffff_ffff)],
    ['zip64', 'a member with sizes of zip64', withNumber(plain, directoryAt(plain) + 20, 4, 0xffff_ffff)],
    ['directory', 'a directory behind its end', withNumber(plain, -6, 4, plain.length)],
    ['directory', 'a directory of more entries than there are', withNumber(plain, -12, 2, 2)],
    ['encrypted', 'an encrypted member', withNumber(plain, directoryAt(plain) + 8, 2, 1)],
    ['method', 'another compression', withNumber(plain, directoryAt(plain) + 10, 2, 12)],
    ['member', 'a member that is not where it should be', withNumber(plain, directoryAt(plain) + 42, 4, 1)],
    ['truncated', 'a member that ends in the directory', withNumber(plain, directoryAt(plain) + 20, 4, 1000)],
    ['size', 'a member of another size', withNumber(plain, directoryAt(plain) + 24, 4, 1000)],
    ['checksum', 'a wrong checksum', withNumber(plain, directoryAt(plain) + 16, 4, 0)],
    ['inflate', 'bytes that are said to be deflated and are not', withNumber(noise, directoryAt(noise) + 10, 2, 8)],
    ['inflate', 'a member that inflates to more than it says', deflated(new Uint8Array(100_000), 10)],
    ['overlap', 'two members in one place', overlapping()],
    ['member', 'a member that is no array', encodeZip([{ name: 'readme.txt', content: new Uint8Array(0) }])],
    ['duplicate', 'a name that stands twice', encodeZip([...decodeZip(plain), ...decodeZip(plain)])],
    ['npy', 'a member without the magic', encodeZip([{ name: 'a.npy', content: new Uint8Array(80) }])],
    ['npy', 'a later version', fileWith(fields({}), undefined, 4)],
    [
      'truncated',
      'a header longer than the member',
      encodeZip([{ name: 'a.npy', content: Buffer.from('\x93NUMPY\x01\x00\x50\x00{}', 'latin1') }]),
    ],
    ['header', 'a header of megabytes', fileWith(fields({}).padEnd(20_000))],
    ['header', 'a header that is no dictionary', fileWith('[]')],
    ['header', 'a header with code in it', fileWith("{'descr': __import__('os').system('ls'), 'fortran_order': False, 'shape': (2,)}")],
    ['header', 'a field that stands twice', fileWith("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}")],
    ['header', 'a field that is missing', fileWith("{'descr': '<f4', 'shape': (2,)}")],
    ['header', 'an order that is neither', fileWith(fields({ order: 'Maybe' }))],
    ['dtype', 'another byte order', fileWith(fields({ descr: "'>f4'" }))],
    ['dtype', 'whole numbers of 64 bits', fileWith(fields({ descr: "'<i8'" }))],
    ['dtype', 'pickled objects', fileWith(fields({ descr: "'|O'" }))],
    ['dtype', 'records', fileWith(fields({ descr: "[('x', '<f4')]" }))],
    ['order', 'Fortran order', fileWith(fields({ order: 'True', shape: '(2, 1)' }))],
    ['shape', 'a shape that is a number', fileWith(fields({ shape: '(2)' }))],
    ['shape', 'a negative size', fileWith(fields({ shape: '(-2,)' }))],
    ['shape', 'a size beyond all numbers', fileWith(fields({ shape: `(${'9'.repeat(400)}, 0)` }), new Uint8Array(0))],
    ['size', 'less data than the shape takes', fileWith(fields({ shape: '(3,)' }))],
  ])('npz-%s: refuses %s', (rule, _what, file) => {
    expect(() => decodeNpz(file)).toThrow(expect.objectContaining({ kind: 'input', code: `npz-${rule}` }));
  });

  it.each([
    ['stored', encodeNpz(sample)],
    ['deflated', fromNumpy],
  ])('gives arrays that fit their shapes, or an error of its own, for any mutated file: %s', (_how, file) => {
    let survivors = 0;
    fc.assert(
      fc.property(mutations(), (mutate) => {
        try {
          for (const { shape, data } of Object.values(decodeNpz(mutate(file)))) expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
          survivors++;
        } catch (error) {
          expect(error).toBeInstanceOf(EngramError);
        }
      }),
      { numRuns: 4000 },
    );
    expect(survivors).toBeGreaterThan(0);
  });

  it('gives arrays that fit their shapes, or an error of its own, for any mutated header', () => {
    const header = Buffer.from(fields({ shape: '(1, 2)' }));
    fc.assert(
      fc.property(mutations(), (mutate) => {
        try {
          expect(decodeNpz(fileWith(Buffer.from(mutate(header)).toString('latin1')))['a']?.data.length).toBe(2);
        } catch (error) {
          expect(error).toBeInstanceOf(EngramError);
        }
      }),
      { numRuns: 4000 },
    );
  });
});

/** One deflated member `a.npy` that is said to have `contentBytes` bytes. */
function deflated(content: Uint8Array, contentBytes: number): Uint8Array {
  const packed = deflateRawSync(content);
  const file = encodeZip([{ name: 'a.npy', content: packed }]);
  const directory = directoryAt(file);
  const changes = [
    [10, 2, 8],
    [16, 4, crc32(content)],
    [24, 4, contentBytes],
  ] as const;
  return changes.reduce<Uint8Array>((changed, [at, bytes, value]) => withNumber(changed, directory + at, bytes, value), file);
}

/** Two members, the second of which is said to stand where the first does. */
function overlapping(): Uint8Array {
  const content = decodeZip(plain)[0]!.content;
  const file = encodeZip([
    { name: 'a.npy', content },
    { name: 'b.npy', content },
  ]);
  return withNumber(file, directoryAt(file) + 46 + 'a.npy'.length + 42, 4, 0);
}
