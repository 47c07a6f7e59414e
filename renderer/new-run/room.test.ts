import { describe, expect, it } from 'vitest';
import type { Estimate } from '../../core/contract/api/experiments.ts';
import { findWarnings } from './room.ts';

const estimate = { memoryBytes: 500e6, memoryPerEpisodeBytes: 10e6, diskBytes: 50e6 + 1000 * 400, diskPerIterationBytes: 400 } as Estimate;
const plan = { batch: 10, episodes: 10_000, runs: 1 };

describe('findWarnings', () => {
  it('has none where there is room, or where nobody knows', () => {
    expect(findWarnings(estimate, plan, { memoryBytes: 501e6, diskBytes: 51e6 })).toEqual({});
    expect(findWarnings(estimate, plan, { memoryBytes: undefined, diskBytes: undefined })).toEqual({});
  });

  it('says which batch would fit', () => {
    expect(findWarnings(estimate, plan, { memoryBytes: 455e6, diskBytes: 1e9 }).memory).toBe('455 MB are free: a batch of 5 would fit');
    expect(findWarnings(estimate, plan, { memoryBytes: 100e6, diskBytes: 1e9 }).memory).toContain('not even a batch of 1');
  });

  it('says how many episodes would fit, shared among the runs', () => {
    const room = { memoryBytes: 1e9, diskBytes: 100e6 + 2 * 500 * 400 };
    expect(findWarnings(estimate, { ...plan, runs: 2 }, room).disk).toBe('100 MB may be used: 5,000 episodes a run would fit');
    expect(findWarnings(estimate, plan, { memoryBytes: 1e9, diskBytes: -5 }).disk).toContain('0 B may be used: not even the checkpoints');
  });
});
