import { expect, it } from 'vitest';
import type { ScoreDescription } from '../../core/contract/api/experiments.ts';
import { sayExpected } from './say-expected.ts';

const score: ScoreDescription = { name: 'wrongBits', label: 'wrong bits', meaning: '', better: 'lower', format: 'percent' };
const points = [
  { episodes: 100, low: 0.1, high: 0.2 },
  { episodes: 10_000, low: 0, high: 0.01 },
];

it('says the band at the end of the run, in the format of its metric', () => {
  expect(sayExpected({ metric: 'wrongBits', source: '', points }, score, 1000)).toBe('wrong bits 5 % to 10.5 % after 1,000 episodes');
  expect(sayExpected({ metric: 'loss', source: '', points }, score, 1e6)).toBe('loss 0 to 0.01 after 1,000,000 episodes');
});

it('says so of a run that ends before anything is expected', () => {
  expect(sayExpected({ metric: 'wrongBits', source: '', points }, score, 50)).toBe(
    'wrong bits 10 % to 20 % after 100 episodes, which this run does not reach',
  );
});
