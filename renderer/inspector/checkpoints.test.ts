import { describe, expect, it } from 'vitest';
import { findLookedInto, keptOf } from './checkpoints.ts';

const full = (iteration: number, removed = false) => checkpoint(`checkpoints/${iteration}.safetensors`, 'full', iteration, removed);
const weights = (iteration: number) => checkpoint(`checkpoints/${iteration}.weights.safetensors`, 'weights', iteration, false);

function checkpoint(file: string, kind: 'full' | 'weights', iteration: number, removed: boolean) {
  const progress = { iteration, episodes: 10 * iteration, seconds: iteration, writtenAtMs: iteration };
  return { file, kind, ...progress, sizeBytes: 1, sha256: '', removed };
}

describe('the checkpoint that is looked at', () => {
  const checkpoints = [full(100, true), weights(100), full(150, true), full(200), full(250)];
  const run = { checkpoints };
  const find = (file: string, followed?: number) => {
    const { checkpoint: seen, stored } = findLookedInto(run, file, followed);
    return [seen?.file, stored?.file];
  };

  it('is one an iteration', () => {
    expect(keptOf(run).map(({ iteration }) => iteration)).toEqual([100, 200, 250]);
  });

  it('is the chosen one, or the other file with its weights', () => {
    expect(find(full(200).file, 250)).toEqual([full(200).file, full(200).file]);
    expect(find(full(100).file, 250)).toEqual([weights(100).file, weights(100).file]);
  });

  it('does not become another one where the chosen one was removed, or never was', () => {
    expect(find(full(150).file, 250)).toEqual([full(150).file, undefined]);
    expect(find('checkpoints/none', 250)).toEqual([undefined, undefined]);
  });

  it('is the newest without a choice, and stays that until the next is taken up, also when it was removed', () => {
    expect(find('')).toEqual([full(250).file, full(250).file]);
    expect(find('', 200)).toEqual([full(200).file, full(200).file]);
    expect(find('', 150)).toEqual([full(150).file, full(250).file]);
    // A run that went back behind it.
    expect(find('', 300)).toEqual([full(250).file, full(250).file]);
  });
});
