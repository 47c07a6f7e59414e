/** What a process that looks inside a run is asked, and what it answers: one message each. */
import { z } from 'zod';
import { ablationSchema } from '../../core/contract/ablation.ts';
import { ownEpisodeSchema } from '../../core/contract/own-episode.ts';
import { expectedErrorSchema } from '../../core/contract/api/expected-error.ts';
import {
  gallerySchema,
  inspectedEpisodeSchema,
  inspectedHistorySchema,
  inspectedScoreSchema,
  synapseSchema,
} from '../../core/contract/api/inspector.ts';

const about = {
  id: z.int(),
  /** Below the run's folder. */
  file: z.string(),
  ablation: ablationSchema,
  /** Its path, where it is not the run's; null for what comes with Engram. */
  dataset: z.string().nullable().exactOptional(),
  /** One's own file in place of the checkpoint's weights: its path. */
  weights: z.string().exactOptional(),
  /** In place of held-out episodes. */
  ownEpisode: ownEpisodeSchema.exactOptional(),
};

export const inspectQuestionSchema = z.discriminatedUnion('what', [
  z.strictObject({ ...about, what: z.literal('episode'), seed: z.int() }),
  z.strictObject({ ...about, what: z.literal('score'), episodes: z.int() }),
  z.strictObject({ ...about, what: z.literal('gallery'), episodes: z.int() }),
  /** `file` does not matter here. */
  z.strictObject({ ...about, what: z.literal('history'), files: z.array(z.string()), synapses: z.array(synapseSchema) }),
]);

export type InspectQuestion = z.infer<typeof inspectQuestionSchema>;

/** File names in the folder that the process was given. */
export const inspectAnswerSchemas = {
  episode: inspectedEpisodeSchema,
  score: inspectedScoreSchema,
  gallery: gallerySchema,
  history: inspectedHistorySchema,
} as const;

export const inspectMessageSchema = z.union([
  z.strictObject({ id: z.int(), answer: z.unknown() }),
  z.strictObject({ id: z.int(), error: expectedErrorSchema }),
]);
