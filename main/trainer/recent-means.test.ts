import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRate, createRecentMeans } from './recent-means.ts';

describe('createRecentMeans', () => {
  it('has none before the first iteration', () => expect(createRecentMeans('losses').means()).toBeUndefined());

  it('is the mean over the last episodes, whatever the batches', () => {
    const iterations = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 100 })), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(iterations, fc.integer({ min: 1, max: 40 }), (all, window) => {
        const [recent, plain] = [createRecentMeans('losses', window), createRecentMeans('episodes', window)];
        const episodes: number[] = [];
        for (const [batch, loss] of all) {
          recent.add(batch, loss, loss / (loss + 3));
          plain.add(batch, 1, loss);
          for (let episode = 0; episode < batch; episode++) episodes.push(loss);
        }
        const last = episodes.slice(-window);
        const mean = last.reduce((sum, loss) => sum + loss, 0) / last.length;
        expect(recent.means()?.loss).toBeCloseTo(mean, 10);
        expect(plain.means()?.score).toBeCloseTo(mean, 10);
        expect(recent.means()?.score).toBeCloseTo(mean / (mean + 3), 10);
      }),
    );
  });
});

it('createRate forgets what is older than its window', () => {
  const rate = createRate(2);
  expect(rate.add(10, 1)).toBe(10);
  expect(rate.add(10, 1)).toBe(10);
  expect(rate.add(1, 1)).toBe(5.5);
  expect(rate.add(1, 1)).toBe(1);
  expect(rate.add(5, 0)).toBe(3.5);
});
