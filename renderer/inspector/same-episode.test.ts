import { describe, expect, it } from 'vitest';
import type { NamedArrays } from '../../core/files/named-arrays.ts';
import { isSameEpisode } from './same-episode.ts';

const episode = (values: Readonly<Record<string, readonly number[]>>, steps = 2) => ({
  steps,
  arrays: Object.fromEntries(
    Object.entries(values).map(([name, data]) => [name, { dtype: 'F32', shape: [data.length], data: Float32Array.from(data) }]),
  ) as NamedArrays,
});

describe('the same episode', () => {
  it('is one with the same task, whatever the networks made of it', () => {
    const patterns = { target: [1, -1], given: [0, 0], input: [5, -5] };
    expect(isSameEpisode(episode({ ...patterns, y: [0.1] }), episode({ ...patterns, y: [0.2] }))).toBe(true);
    expect(isSameEpisode(episode(patterns), episode({ ...patterns, input: [5, 5] }))).toBe(false);
    expect(isSameEpisode(episode(patterns), episode(patterns, 3))).toBe(false);
  });

  it('of an agent is one with the same world: what it sees follows from what it does', () => {
    const maze = { walls: [1, 0, 1], goal: [1, 2] };
    const walked = (input: number, action: number) => ({ ...maze, input: [input], actions: [action] });
    expect(isSameEpisode(episode(walked(0, 1)), episode(walked(1, 3)))).toBe(true);
    expect(isSameEpisode(episode(walked(0, 1)), episode({ ...walked(0, 1), goal: [2, 1] }))).toBe(false);
    const cues = { cues: [1, -1], target: [0], actions: [1] };
    expect(isSameEpisode(episode({ ...cues, input: [1] }), episode({ ...cues, input: [2], actions: [0] }))).toBe(true);
    expect(isSameEpisode(episode(cues), episode({ ...cues, target: [1] }))).toBe(false);
    expect(isSameEpisode(episode(cues), episode(walked(0, 1)))).toBe(false);
  });
});
