import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeSpark, encodeSpark, runTableSchema } from '../../../core/contract/api/run-table.ts';
import { readRunTable } from './run-table.ts';
import { changeRun, readRun } from './runs.ts';
import { aSpec, createStoreLab, type StoreLab } from './test-support/store-lab.ts';

let lab: StoreLab;
beforeAll(() => {
  lab = createStoreLab();
  const dataset = { name: 'photographs', format: 'photographs', sha256: 'ab', note: '' };
  lab.addRun('a', { spec: aSpec({ seed: 1 }), createdAtMs: 1, tags: ['paper', 'base'], name: 'first', note: 'see b', group: 'g' });
  changeRun(lab.stores.lab, 'a', { status: 'finished', loss: 20, spark: [1, 5, 3], dataset, protected: true, sizeBytes: 10 });
  lab.addRun('b', { spec: aSpec({ seed: 2 }), createdAtMs: 2, status: 'queued', queuePlace: 7 });
  lab.addRun('c', { spec: aSpec({ seed: 1, variant: 'yoked' }), createdAtMs: 3 });
  changeRun(lab.stores.lab, 'c', { trashedAtMs: 9, reason: 'why', intent: 'stop' });
});
afterAll(() => lab.remove());

it('gives every run as columns, newest first, with each recipe once', () => {
  const table = readRunTable(lab.stores.lab, new Map([['b', 1]]));
  expect(runTableSchema.parse(table)).toEqual(table);
  expect(table).toMatchObject({
    id: ['c', 'b', 'a'],
    seed: [1, 2, 1],
    status: ['running', 'queued', 'finished'],
    queuePlace: [null, 1, null],
    tags: [[], [], ['base', 'paper']],
    protected: [false, false, true],
    trashedAtMs: [9, null, null],
    reason: ['why', null, null],
    dataset: [null, null, 'photographs'],
    loss: [null, null, 20],
    name: ['', '', 'first'],
  });
  expect(table.recipes).toHaveLength(2);
  const { spec } = readRun(lab.stores.lab, 'c')!;
  expect({ ...table.recipes[table.recipe[0]!], seed: table.seed[0] }).toEqual(spec);
  expect(table.recipe[1]).toBe(table.recipe[2]);
});

it('keeps the shape of a spark in a few letters', () => {
  const values = [63, 31.5, 0, 63];
  const decoded = decodeSpark(encodeSpark(values));
  expect(decoded.map((value) => Math.round(value))).toEqual([63, 32, 0, 63]);
  expect(decodeSpark(encodeSpark([2, 2]))).toEqual([2, 2]);
  expect(decodeSpark(encodeSpark([]))).toEqual([]);
});
