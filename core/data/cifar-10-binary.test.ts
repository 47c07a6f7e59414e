import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngramError } from '../contract/errors.ts';
import { mutations } from '../files/mutations.ts';
import { cifar10RecordBytes, createCifar10BinaryReader, decodeCifar10Binary } from './cifar-10-binary.ts';
import { binaryBatch, sampleBatch } from './test-pickles.ts';

const file = binaryBatch(sampleBatch(5));
const withCode = (code: string) => expect.objectContaining({ kind: 'input', code }) as Error;

describe('CIFAR-10 binary', () => {
  it('adds up red, green and blue of each pixel', () => {
    const record = new Uint8Array(2 * cifar10RecordBytes);
    record[0] = 9;
    record[1] = 10;
    record[1 + 1024] = 20;
    record[1 + 2048] = 30;
    record[cifar10RecordBytes + 1 + 33] = 255;
    record[cifar10RecordBytes + 1 + 1024 + 33] = 255;
    record[cifar10RecordBytes + 1 + 2048 + 33] = 255;
    const { count, width, height, pixels } = decodeCifar10Binary(record, 'x');
    expect([count, width, height, pixels.length]).toEqual([2, 32, 32, 2048]);
    expect(pixels[0]).toBe(60);
    expect(pixels[1024 + 33]).toBe(765);
    expect(pixels.reduce((a, b) => a + b)).toBe(825);
  });

  it('gives the same wherever the file is cut into pieces', () => {
    const whole = decodeCifar10Binary(file, 'x');
    fc.assert(
      fc.property(fc.array(fc.nat(file.length), { maxLength: 8 }), (cuts) => {
        const reader = createCifar10BinaryReader('x', file.length);
        const edges = [0, ...cuts.sort((a, b) => a - b), file.length];
        for (let piece = 1; piece < edges.length; piece++) reader.push(file.subarray(edges[piece - 1], edges[piece]));
        expect(reader.finish()).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });

  it('refuses, naming the file, the rule and the value', () => {
    const wrongLabel = file.slice();
    wrongLabel[2 * cifar10RecordBytes] = 10;
    expect(() => decodeCifar10Binary(wrongLabel, 'data_batch_3.bin')).toThrow(
      "data_batch_3.bin: record 2 has label 10; CIFAR-10's labels are 0 to 9",
    );
    expect(() => decodeCifar10Binary(file.subarray(1), 'x')).toThrow(withCode('dataset-record-size'));
    expect(() => decodeCifar10Binary(new Uint8Array(0), 'x')).toThrow(withCode('dataset-record-size'));
    expect(() => decodeCifar10Binary(new Uint8Array(2 * 3074), 'x')).toThrow(withCode('dataset-cifar-100'));
    const shorter = createCifar10BinaryReader('x', file.length);
    shorter.push(file.subarray(0, 4000));
    expect(() => shorter.finish()).toThrow('x ends after 4000 of its 15365 bytes');
    const longer = createCifar10BinaryReader('x', cifar10RecordBytes);
    expect(() => longer.push(file)).toThrow(withCode('dataset-record-size'));
  });

  it('gives images or an error of its own for any mutated file', () => {
    fc.assert(
      fc.property(mutations(), (mutate) => {
        try {
          const { count, pixels } = decodeCifar10Binary(mutate(file), 'x');
          expect(pixels.length).toBe(count * 1024);
        } catch (error) {
          expect(error).toBeInstanceOf(EngramError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
