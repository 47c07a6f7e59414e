import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRunSpec } from '../../../core/experiments/create-run-spec.ts';
import { completeSpecs } from './complete-specs.ts';
import { readRun } from './runs.ts';
import { createStoreLab, type StoreLab } from './test-support/store-lab.ts';

let lab: StoreLab;
beforeAll(() => {
  lab = createStoreLab();
});
afterAll(() => lab.remove());

it('a run of before a parameter gets what it had, and is the same as one that says so', () => {
  const now = createRunSpec({ experiment: 'maze', settings: { lastActionInput: 'yes' } });
  const { lastActionInput: _, ...before } = now.parameters;
  lab.addRun('old', { spec: { ...now, parameters: before }, createdAtMs: 1, status: 'finished' });
  lab.addRun('new', { spec: createRunSpec({ experiment: 'maze' }), createdAtMs: 2, status: 'finished' });
  lab.addRun('same', { spec: now, createdAtMs: 3, status: 'finished' });
  lab.addRun('strange', { spec: { ...now, parameters: { ...before, noLongerKnown: 1 } }, createdAtMs: 4, status: 'finished' });
  expect(completeSpecs(lab.stores.lab)).toBe(2);
  const hashOf = (id: string) => lab.stores.lab.prepare<{ hash: string }>('SELECT spec_hash AS hash FROM runs WHERE id = ?').get(id)!.hash;
  expect(readRun(lab.stores.lab, 'old')!.spec).toEqual(now);
  expect(hashOf('old')).toBe(hashOf('same'));
  expect(readRun(lab.stores.lab, 'new')!.spec.parameters['lastActionInput']).toBe('no');
  expect(readRun(lab.stores.lab, 'strange')!.spec.parameters).toMatchObject({ lastActionInput: 'yes', noLongerKnown: 1 });
  expect(completeSpecs(lab.stores.lab)).toBe(0);
});
