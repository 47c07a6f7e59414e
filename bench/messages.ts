/** What the bench and its workers say to each other: one JSON object a line, on the worker's standard input and output. */
import { z } from 'zod';
import { backendChoices, precisionNames } from '../core/contract/run-spec.ts';

/**
 * `training`: an iteration exactly as a run does it. `dense`: our engine with a dense trace at every step.
 * `reference`: the readable reference in double precision, without optimiser.
 */
export const ownForms = ['training', 'dense', 'reference'] as const;
export type OwnForm = (typeof ownForms)[number];

/** What one of our workers measures. */
export const jobSchema = z.strictObject({
  form: z.enum(ownForms),
  backend: z.enum(backendChoices),
  precision: z.enum(precisionNames),
  batch: z.int().min(1),
});
export type Job = z.infer<typeof jobSchema>;

export type Request = { readonly do: 'run'; readonly count: number } | { readonly do: 'product' };
export const requestSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('run'), count: z.int().min(1) }),
  z.strictObject({ do: z.literal('product') }),
]);

/** The first line: a worker that is ready to compute. */
export const readySchema = z.object({
  ready: z.literal(true),
  /** Version of PyTorch. */
  version: z.string().exactOptional(),
  threads: z.number().exactOptional(),
  /** In words. */
  device: z.string().exactOptional(),
  plan: z.string().exactOptional(),
});
export type Ready = z.infer<typeof readySchema>;

/** One iteration: values, gradients and the optimiser's step. */
export const sampleSchema = z.object({
  seconds: z.number(),
  loss: z.number(),
  /** Where what is computed is compared, too. */
  gradientNorm: z.number().exactOptional(),
  /** Of the process so far; null where the system does not say. */
  peakRssBytes: z.number().nullable(),
  /** Floating-point operations of the products of its plan. */
  usefulFlops: z.number().exactOptional(),
});
export type Sample = z.infer<typeof sampleSchema>;

export const productSchema = z.object({ gigaflops: z.number() });
