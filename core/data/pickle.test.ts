import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngramError } from '../contract/errors.ts';
import { mutations } from '../files/mutations.ts';
import { decodeCifar10Python } from './cifar-10-python.ts';
import { readPickle } from './pickle.ts';
import { binaryBatch, pickle, pickledBatch, sampleBatch, type PickleDialect } from './test-pickles.ts';
import { decodeCifar10Binary } from './cifar-10-binary.ts';

const dialects: readonly PickleDialect[] = ['python-2', 'python-3'];

describe('readPickle', () => {
  it('reads numbers, constants, strings and containers', () => {
    const value = readPickle(pickle('(K\x07M\x01\x02J\xfe\xff\xff\xff\x88\x89N)U\x02ab]K\x01aK\x02\x85t.'), 'x');
    const bytes = Uint8Array.of(97, 98);
    const tuple = (...items: unknown[]) => ({ kind: 'tuple', items });
    expect(value).toEqual(tuple(7, 513, -2, true, false, null, tuple(), bytes, { kind: 'list', items: [1] }, tuple(2)));
  });

  it('reads dictionaries with bytes and text as keys, and recalls stored values', () => {
    const value = readPickle(pickle('}(U\x01aK\x05q\x09X\x01\x00\x00\x00bh\x09u.'), 'x');
    expect(value).toEqual({
      kind: 'dict',
      entries: new Map([
        ['a', 5],
        ['b', 5],
      ]),
    });
  });

  it('turns text into bytes as latin1', () => {
    expect(readPickle(pickle('c_codecs\nencode\nX\x03\x00\x00\x00a\xc3\xbfX\x06\x00\x00\x00latin1\x86R.'), 'x')).toEqual(
      Uint8Array.of(97, 255),
    );
  });

  it.each([
    ['posix.system', 'cposix\nsystem\nU\x04echo\x85R.'],
    ['builtins.eval', 'cbuiltins\neval\n.'],
    ['__builtin__.getattr', 'c__builtin__\ngetattr\n.'],
    ['opcode 0x69', 'iposix\nsystem\n.'],
    ['opcode 0x93', 'U\x02osU\x06system\x93.'],
    ['opcode 0x81', ')\x81.'],
    ['opcode 0x51', 'K\x01Q.'],
    ['opcode 0x82', '\x82\x01.'],
    ['opcode 0x47', 'G\x00\x00\x00\x00\x00\x00\x00\x00.'],
    ['calls something that is no function', 'K\x01)R.'],
    ['calls encode with arguments', 'c_codecs\nencode\nX\x01\x00\x00\x00aX\x06\x00\x00\x00rot_13\x86R.'],
    ['not latin1', 'c_codecs\nencode\nX\x03\x00\x00\x00\xe2\x82\xacX\x06\x00\x00\x00latin1\x86R.'],
    ['calls reconstruct with arguments', 'cnumpy.core.multiarray\n_reconstruct\nK\x01\x85R.'],
    ['element type "O8"', 'cnumpy\ndtype\nU\x02O8\x85R.'],
    ['state of something that is no array', '])b.'],
    ['stack is empty', '.'],
    ['stack is empty', '(\x85.'],
    ['never stored', 'h\x05.'],
    ['mark is missing', 't.'],
    ['no list', 'K\x01K\x02a.'],
    ['no dictionary', ']K\x01K\x02s.'],
    ['no dictionary', '}(K\x01u.'],
    ['dictionary key', '}]K\x02s.'],
    ['values left over', 'K\x01K\x02.'],
    ['3 bytes follow', 'K\x01.abc'],
  ])('refuses, executing nothing: %s', (reason, body) => {
    expect(() => readPickle(pickle(body), 'file')).toThrow(
      expect.objectContaining({ code: 'dataset-pickle', message: expect.stringContaining(reason) as string }),
    );
  });

  it('refuses other protocols and early ends', () => {
    expect(() => readPickle(Uint8Array.of(0x80, 4, 0x4e, 0x2e), 'file')).toThrow('protocol 2');
    expect(() => readPickle(pickle('T\xff\xff\xff\x7fabc'), 'file')).toThrow(expect.objectContaining({ code: 'dataset-truncated' }));
    expect(() => readPickle(pickle('c_codecs'), 'file')).toThrow(expect.objectContaining({ code: 'dataset-truncated' }));
    expect(() => readPickle(new Uint8Array(0), 'file')).toThrow(expect.objectContaining({ code: 'dataset-truncated' }));
  });

  it('stops files that would grow in memory', () => {
    const encodeAgain = 'h\x00h\x01h\x02\x86Ra';
    const encodeOften = `]c_codecs\nencode\nq\x00X\x00\x10\x00\x00${'a'.repeat(4096)}q\x01X\x06\x00\x00\x00latin1q\x02\x86Ra${encodeAgain.repeat(50)}.`;
    expect(() => readPickle(pickle(encodeOften), 'file')).toThrow('encodes more text than it holds');
    expect(() => readPickle(pickle('N'.repeat(1_000_001)), 'file')).toThrow('more than 1000000 operations');
  });
});

describe('decodeCifar10Python', () => {
  it.each(dialects)('gives the images of the binary version (%s)', (dialect) => {
    const batch = sampleBatch(13);
    expect(decodeCifar10Python(pickledBatch(batch, dialect), 'x')).toEqual(decodeCifar10Binary(binaryBatch(batch), 'x'));
  });

  it('refuses what is no CIFAR-10 batch', () => {
    const { data } = sampleBatch(2);
    const decode =
      (labels: readonly number[], labelsKey = 'labels') =>
      () =>
        decodeCifar10Python(pickledBatch({ labels, data, labelsKey }, 'python-2'), 'data_batch_1');
    const withCode = (code: string) => expect.objectContaining({ kind: 'input', code }) as Error;
    expect(decode([1, 12])).toThrow('data_batch_1: record 1 has label 12');
    expect(decode([1, 2], 'fine_labels')).toThrow(withCode('dataset-cifar-100'));
    expect(decode([1, 2], 'names')).toThrow('no list "labels"');
    expect(decode([1, 2, 3])).toThrow('shape [3, 3072] has 6144 bytes');
    expect(() => decodeCifar10Python(pickle('].'), 'x')).toThrow('no dictionary');
    expect(() => decodeCifar10Python(pickle('}.'), 'x')).toThrow('no array "data"');
  });

  it.each(dialects)('gives images or an error of its own for any mutated file (%s)', (dialect) => {
    // One image alone, and few pixels that differ: mutations then often meet the structure.
    const file = pickledBatch(sampleBatch(1), dialect);
    const structure = file.length - 3072;
    fc.assert(
      fc.property(mutations(), fc.boolean(), (mutate, beginningOnly) => {
        const mutated = beginningOnly
          ? Uint8Array.from([...mutate(file.subarray(0, structure)), ...file.subarray(structure)])
          : mutate(file);
        try {
          const { count, pixels } = decodeCifar10Python(mutated, 'x');
          expect(pixels.length).toBe(count * 1024);
        } catch (error) {
          expect(error).toBeInstanceOf(EngramError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('gives a value or an error of its own for any sequence of its opcodes', () => {
    const pieces = [
      'N',
      '\x88',
      'K\x01',
      '(',
      ')',
      ']',
      '}',
      't',
      '\x85',
      '\x86',
      '\x87',
      'a',
      'e',
      's',
      'u',
      'q\x00',
      'h\x00',
      'U\x01b',
      'R',
      'b',
      '.',
    ];
    const functions = [
      'cnumpy\ndtype\n',
      'cnumpy\nndarray\n',
      'c_codecs\nencode\n',
      'cnumpy.core.multiarray\n_reconstruct\n',
      'X\x02\x00\x00\x00u1',
      'X\x06\x00\x00\x00latin1',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces, ...functions), { maxLength: 40 }), (body) => {
        try {
          readPickle(pickle(body, '.'), 'x');
        } catch (error) {
          expect(error).toBeInstanceOf(EngramError);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
