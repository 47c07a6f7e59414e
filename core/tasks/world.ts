/** A world that an agent acts in: what it sees next depends on what it did. */
import type { Random } from '../random.ts';

export interface WorldEpisode {
  /** Writes what the agent sees, [`inputs`]. */
  observe(into: Float32Array): void;
  /** @returns the step's reward. */
  act(action: number): number;
}

export interface World<Episode extends WorldEpisode = WorldEpisode> {
  readonly inputs: number;
  readonly actions: number;
  /** Of an episode. */
  readonly steps: number;
  /** @param random draws whatever the episode leaves to chance. */
  begin(random: Random): Episode;
}
