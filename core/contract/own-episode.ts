/** What somebody gives a network to look at its episode, in place of what a held-out one would show. */
import { z } from 'zod';

const mostPatterns = 64;
const mostValues = 2 ** 17;
const mostWalls = 10_000;

const placeSchema = z.strictObject({ row: z.int().min(1).max(1000), column: z.int().min(1).max(1000) });

export const ownEpisodeSchema = z.discriminatedUnion('kind', [
  /** Drawn from what the network was trained on. */
  z.strictObject({ kind: z.literal('training') }),
  /** As many as the run shows, [outputs] each: bits of ±1, or grey values of any scale. The seed still draws their order and what is left out. */
  z.strictObject({
    kind: z.literal('patterns'),
    patterns: z
      .array(z.array(z.number()).min(1).max(mostValues))
      .min(1)
      .max(mostPatterns)
      .refine((patterns) => patterns.reduce((sum, { length }) => sum + length, 0) <= mostValues, `at most ${mostValues} values`),
  }),
  /** Where the reward is, where the agent begins, and the walls inside in place of the run's pillars; rows and columns from 1. */
  z.strictObject({
    kind: z.literal('maze'),
    goal: placeSchema,
    start: placeSchema,
    walls: z.array(placeSchema).max(mostWalls).exactOptional(),
  }),
]);

export type OwnEpisode = z.infer<typeof ownEpisodeSchema>;
export type OwnMaze = Extract<OwnEpisode, { kind: 'maze' }>;
