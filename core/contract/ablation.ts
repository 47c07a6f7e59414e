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

export const ablationSchema = z.strictObject({
  alpha: alphaChangeSchema.exactOptional(),
  eta: share.exactOptional(),
  /** Parameters of the experiment that are not those of the run: another rule, more patterns, other delays. */
  parameters: z.record(z.string(), z.union([z.number(), z.string()])).exactOptional(),
});

export type AlphaChange = z.infer<typeof alphaChangeSchema>;
export type Ablation = z.infer<typeof ablationSchema>;
