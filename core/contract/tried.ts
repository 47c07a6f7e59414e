/** What somebody tried while looking inside a run: what was changed, in which episode of which checkpoint, and what came of it. */
import { z } from 'zod';
import { ablationSchema } from './ablation.ts';
import { ownEpisodeSchema } from './own-episode.ts';

/** Of a run. */
export const mostTried = 200;

/** Null where the network's answer was no number. */
const resultSchema = z.number().nullable();

const measuredSchema = z.strictObject({ loss: resultSchema, score: resultSchema });

const trialSchema = z.strictObject({
  /** A checkpoint as the journal names it. */
  file: z.string().min(1).max(300),
  /** Of that checkpoint. */
  iteration: z.int().min(0),
  /** The episode that was looked at. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31),
  dataset: z.string().min(1).max(4096).exactOptional(),
  weights: z.string().min(1).max(4096).exactOptional(),
  /** What was shown in place of held-out episodes. */
  ownEpisode: ownEpisodeSchema.exactOptional(),
  ablation: ablationSchema,
  /** Episodes that the results are means over. */
  episodes: z.int().min(1).max(1000),
  changed: measuredSchema,
  /** Without the change. */
  usual: measuredSchema,
  /** One of the changes turned through some values, with the others held. */
  sweep: z
    .strictObject({
      /** Which one, as the window calls it. */
      kind: z.string().min(1).max(60),
      points: z.array(z.strictObject({ value: z.number(), ...measuredSchema.shape })).max(100),
    })
    .nullable(),
});

const nameSchema = z.string().trim().min(1).max(200);

export const newTriedSchema = trialSchema.extend({ name: nameSchema });
export const triedSchema = newTriedSchema.extend({ keptAtMs: z.int() });
/** As the lab lists it. */
export const listedTriedSchema = triedSchema.extend({ id: z.int() });
export const triedNameSchema = nameSchema;

export type NewTried = z.infer<typeof newTriedSchema>;
export type Tried = z.infer<typeof triedSchema>;
export type ListedTried = z.infer<typeof listedTriedSchema>;
