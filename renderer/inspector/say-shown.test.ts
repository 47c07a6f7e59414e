import { describe, expect, it } from 'vitest';
import type { RunDetails } from '../../core/contract/api/runs.ts';
import { combine } from './ablation-changes.ts';
import type { Wanted } from './inspection.svelte.ts';
import { sayChanged, sayShown } from './say-shown.ts';

const run = {
  spec: { experiment: 'images' },
  checkpoints: [{ iteration: 30, episodes: 1500 }],
} as unknown as Pick<RunDetails, 'checkpoints' | 'spec'>;

function say(asked: Partial<Wanted>, iteration = 30): string {
  const episode = { asked: { seed: 4, ablation: {}, ...asked }, iteration, seed: 4, steps: 3, labels: ['image 1', 'blank', 'test'] };
  return sayShown(episode, run, 2);
}

describe('what is shown, in words', () => {
  it('is what was asked for when it was computed', () => {
    expect(say({})).toBe('after 1,500 episodes · held-out episode 4 · step 2 of 3 · blank');
    expect(say({ ownEpisode: { kind: 'patterns', patterns: [[1]] } })).toContain('own images, order 4');
    expect(say({ weights: '/a/file.npz' })).toMatch(/ · own weights$/);
    // A checkpoint that the run has not told of yet.
    expect(say({}, 31)).toBe('held-out episode 4 · step 2 of 3 · blank');
  });

  it('names the changes that were made, and no others', () => {
    const changes = [
      { kind: 'eta', text: '7' },
      { kind: 'hebb-zero', text: '2' },
    ];
    expect(sayChanged({ ablation: combine(changes) })).toBe('hebb = 0 at a step 2');
    expect(say({ ablation: combine(changes) })).toMatch(/ · hebb = 0 at a step 2$/);
    expect(sayChanged({ ablation: combine(changes.slice(0, 1)) })).toBe('');
  });
});
