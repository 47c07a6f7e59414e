import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readOptions } from './options.ts';
import { writeMarkdown } from './report.ts';
import { createRows } from './table.ts';
import type { Contender } from './contenders.ts';
import type { Measurement } from './rounds.ts';

const samples = (...seconds: number[]) => seconds.map((each) => ({ seconds: each, loss: 1, peakRssBytes: 1e6, usefulFlops: 1e9 }));
const contender = (batch: number, job: Contender['job']): Contender => {
  return { name: 'x', job, batch, warmUp: 0, iterations: 1, rounds: Infinity };
};

describe('rows of the table', () => {
  const pytorch: Measurement = {
    contender: contender(1, undefined),
    ready: { ready: true, version: '2' },
    rounds: [samples(1, 9, 1), samples(2, 2, 2)],
    products: [100, 100],
  };
  const ours: Measurement = {
    contender: contender(8, { form: 'training', backend: 'wasm', precision: 'float32', batch: 8 }),
    ready: { ready: true, plan: 'factored' },
    rounds: [samples(0.1, 0.1, 0.5), samples(0.2)],
    products: [40, 50],
  };

  test('ratios compare within a round, so a machine that slows down changes nothing', () => {
    const [reference, row] = createRows([pytorch, ours]);
    expect(reference?.ratio).toEqual({ minimum: 1, median: 1, maximum: 1 });
    expect(row?.ratio).toEqual({ minimum: 80, median: 80, maximum: 80 });
  });

  test('the share is the rate of useful operations over that of the large product', () => {
    const [row] = createRows([ours]);
    expect(row?.ratio).toBeUndefined();
    expect(row?.secondsAnIteration).toBeCloseTo(0.15);
    expect(row?.share).toBeCloseTo(1e9 / 0.15 / 45e9);
  });
});

describe('the Markdown file', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'engram-bench-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  test('only what stands between the marks is replaced, time after time', () => {
    const file = join(folder, 'page.md');
    writeFileSync(file, 'before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n');
    writeMarkdown(file, 'first');
    writeMarkdown(file, 'second');
    expect(readFileSync(file, 'utf8')).toBe('before\n<!-- bench:begin -->\nsecond\n<!-- bench:end -->\nafter\n');
  });
});

test('options name the rule, the value and the nearest real name', () => {
  expect(readOptions(['memory', '--batch', '1,8'])).toMatchObject({ subject: 'memory', batches: [1, 8], rounds: 5 });
  expect(() => readOptions(['--bakend', 'wasm'])).toThrow('did you mean "--backend"?');
  expect(() => readOptions(['--backend', 'wsm'])).toThrow('did you mean "wasm"?');
  expect(() => readOptions(['--rounds', '0'])).toThrow('--rounds must be a whole number from 1');
  expect(() => readOptions(['--batch', '1.5'])).toThrow('--batch must be a whole number');
});
