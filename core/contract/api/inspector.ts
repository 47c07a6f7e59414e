/** Looking inside a trained network: an episode of a checkpoint computed again, with all its activations, and what changes when something is changed. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { ablationSchema } from '../ablation.ts';
import { ownEpisodeSchema } from '../own-episode.ts';
import { runArgumentSchema } from './runs.ts';
import { triedContract } from './tried.ts';

const questionSchema = z.strictObject({
  run: runArgumentSchema,
  /** A checkpoint as the journal names it; the newest one without. */
  file: z.string().min(1).max(300).exactOptional(),
  ablation: ablationSchema.exactOptional(),
  /** Episodes are drawn from this one instead of the run's: a data set of the lab by its name, or a path. */
  dataset: z.string().min(1).max(4096).exactOptional(),
  /** A .safetensors or .npz file with `w`, `alpha`, `eta` that takes the checkpoint's place: its path. */
  weights: z.string().min(1).max(4096).exactOptional(),
  /** What is shown in place of held-out episodes. */
  ownEpisode: ownEpisodeSchema.exactOptional(),
});

/** Of a network that holds NaN. */
const resultSchema = z.union([z.number(), z.nan()]);

/** What came out of one's own file. */
const ownWeightsSchema = z.strictObject({ taken: z.array(z.string()), unused: z.array(z.string()), notFinite: z.int() });

/** Below the lab's folder, as `lab://` serves it; it is there for as long as the window is likely to read it. */
const arrayFileSchema = z.string();

export const inspectedEpisodeSchema = z.strictObject({
  /** y and what the episode was, by name: see `Training.inspect`. */
  file: arrayFileSchema,
  /** What the network has learned, changed as was asked: `w`, `alpha`, … */
  weights: arrayFileSchema,
  iteration: z.int(),
  seed: z.int(),
  /** For people, a step each: "image 2", "blank", "test". */
  labels: z.array(z.string()),
  rule: z.enum(['hebb', 'oja', 'modulated', 'retroactive', 'own']).nullable(),
  /** Of networks that have one rate for all steps. */
  eta: resultSchema.nullable(),
  /** The step that began with a trace of zero. */
  clearedAt: z.int().nullable(),
  /** How people see the judged neurons. */
  picture: z.strictObject({ width: z.int(), height: z.int() }).nullable(),
  /** Null where the weights are the checkpoint's. */
  own: ownWeightsSchema.nullable(),
  loss: resultSchema,
  score: resultSchema,
  seconds: z.number(),
});

export type InspectedEpisode = z.infer<typeof inspectedEpisodeSchema>;

export const gallerySchema = z.strictObject({
  /** `shown` [E, patterns, outputs], `degraded`, `reconstructed` and `target` [E, outputs], `loss` [E]. */
  file: arrayFileSchema,
  iteration: z.int(),
  picture: z.strictObject({ width: z.int(), height: z.int() }),
});

export const inspectedScoreSchema = z.strictObject({ iteration: z.int(), episodes: z.int(), loss: resultSchema, score: resultSchema });

const galleryQuestionSchema = questionSchema.extend({ episodes: z.int().min(1).max(100) });

export type GalleryQuestion = z.infer<typeof galleryQuestionSchema>;

const weightsOfCheckpoint = {
  /** Of each synapse asked for. */
  w: z.array(resultSchema),
  /** Empty where nothing is plastic. */
  alpha: z.array(resultSchema),
  /** Of all alpha, over the same bins from -end to end in every checkpoint; null where nothing is plastic. */
  spread: z
    .strictObject({ counts: z.array(z.int()), end: z.number(), mean: z.number(), deviation: z.number(), broken: z.int() })
    .nullable(),
};

/** A checkpoint each, in the order asked for. */
export const inspectedHistorySchema = z.strictObject({ checkpoints: z.array(z.strictObject(weightsOfCheckpoint)) });

export type InspectedHistory = z.infer<typeof inspectedHistorySchema>;

/** By iteration. */
export const trainingHistorySchema = z.array(
  z.strictObject({ file: z.string(), iteration: z.int(), episodes: z.int(), ...weightsOfCheckpoint }),
);

export type TrainingHistory = z.infer<typeof trainingHistorySchema>;

/** Pre- and postsynaptic neuron, from 0. */
export const synapseSchema = z.tuple([z.int().min(0), z.int().min(0)]);

const mostSynapses = 16;

export const inspectorContract = {
  episode: oc
    .input(
      questionSchema.extend({
        seed: z
          .int()
          .min(0)
          .max(2 ** 31),
      }),
    )
    .output(inspectedEpisodeSchema),
  /** Held-out episodes 0 to `episodes` - 1, as an evaluation counts them. */
  score: oc.input(questionSchema.extend({ episodes: z.int().min(1).max(1000) })).output(inspectedScoreSchema),
  /** Connections, and all alpha, through the checkpoints that are stored. */
  history: oc
    .input(
      z.strictObject({
        run: runArgumentSchema,
        /** Checkpoints as the journal names them; all without. */
        files: z.array(z.string().min(1).max(300)).max(1000).exactOptional(),
        synapses: z.array(synapseSchema).max(mostSynapses),
      }),
    )
    .output(trainingHistorySchema),
  tried: triedContract,
  /** Episodes 0 to `episodes` - 1. */
  gallery: oc.input(galleryQuestionSchema).output(gallerySchema),
};
