/** What comes into the neurons of an open episode from outside, so far as its arrays say it. */
import type { OutsideInput } from '../../core/inspection/attribution-input.ts';
import type { OpenEpisode, Weights } from './inspection.svelte.ts';
import { isAgentEpisode } from './same-episode.ts';

/** `nothing`: what is shown is clamped, and adds to no drive. `unknown`: some of it is in no array. */
export function outsideOf(
  { arrays, asked }: Pick<OpenEpisode, 'arrays' | 'asked'>,
  { input: weights }: Pick<Weights, 'input'>,
): OutsideInput | 'nothing' | 'unknown' {
  const x = arrays['input']?.data as Float32Array | undefined;
  if (!isAgentEpisode({ arrays })) return x === undefined ? 'nothing' : { x };
  // Noise on an agent's drives is added to what no array holds.
  const isNoisy = (asked.ablation.noise?.drives ?? 0) > 0;
  return x === undefined || weights === undefined || isNoisy ? 'unknown' : { x, weights };
}
