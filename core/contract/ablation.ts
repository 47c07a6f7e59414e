/** What is changed in a trained network or in its task while somebody looks at it: never in the run itself. */
import { z } from 'zod';

const share = z.number().min(0).max(1);

/** Of each plasticity coefficient; what a yoked network has is one number, of which only `zero` and `scaled` make sense. */
export const alphaChangeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('zero') }),
  z.strictObject({ kind: z.literal('scaled'), factor: z.number().min(-100).max(100) }),
  /** The same coefficients at other places. */
  z.strictObject({ kind: z.literal('shuffled'), seed: z.int().min(0) }),
  /** The smallest ones, by this share of all, are zero. */
  z.strictObject({ kind: z.literal('thresholded'), share }),
  /** Each becomes the nearest of so many equally spaced values from -largest to largest. */
  z.strictObject({ kind: z.literal('quantised'), levels: z.int().min(2).max(65_536) }),
]);

/** Standard deviations of Gaussian noise. */
export const noiseSchema = z.strictObject({
  /** Of what is shown, in its own units (a pixel, a bit of ±1): one drawing of noise a presentation; an agent's inputs have new noise at every step. */
  inputs: z.number().min(0).max(100).exactOptional(),
  /** Of the drive a(t) of every neuron that computes, before tanh, new at every step. */
  drives: z.number().min(0).max(100).exactOptional(),
  /** Each episode draws from a stream of its own. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31),
});

/** What is changed in an episode, whatever network runs it. */
const episodeChange = {
  /** hebb = 0 when this step (of few-shot learning: this presentation) begins, and it goes on from there. */
  clearedAt: z.int().min(1).max(1_000_000).exactOptional(),
  /** The numbers, from 1, of the presentations that there are, in the order in which they are shown instead. */
  presentations: z.array(z.int().min(1)).max(1000).exactOptional(),
  noise: noiseSchema.exactOptional(),
};

export const ablationSchema = z.strictObject({
  /** One after the other. */
  alpha: z.array(alphaChangeSchema).min(1).max(10).exactOptional(),
  eta: share.exactOptional(),
  /** Parameters of the experiment that are not those of the run: another rule, more patterns, other delays. */
  parameters: z.record(z.string(), z.union([z.number(), z.string()])).exactOptional(),
  ...episodeChange,
});

export type AlphaChange = z.infer<typeof alphaChangeSchema>;
export type Noise = z.infer<typeof noiseSchema>;
export type Ablation = z.infer<typeof ablationSchema>;
export type EpisodeChange = Pick<Ablation, keyof typeof episodeChange>;
