/** How well a network did on held-out episodes. */
import { z } from 'zod';

export const evaluationSchema = z.strictObject({
  iteration: z.int(),
  episodes: z.int(),
  heldOutEpisodes: z.int(),
  loss: z.number(),
  score: z.number(),
  evaluatedAtMs: z.int(),
});

export type Evaluation = z.infer<typeof evaluationSchema>;
