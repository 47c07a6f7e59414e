/** The TensorFlow runtime: what fits this machine, and how it is brought. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { jobSchema } from './lab.ts';
import { nothing } from './runs.ts';

const variantSchema = z.enum(['cpu', 'gpu']);

const problemSchema = z.strictObject({ reason: z.string(), remedy: z.string().nullable() });

export const runtimePlanSchema = z.strictObject({
  /** Which library fits; null where none does. */
  variant: variantSchema.nullable(),
  /** Why none does. */
  unfit: problemSchema.nullable(),
  /** Why it is not the one for the GPU, and what can be done. */
  gpuProblem: z.string().nullable(),
  /** What is in place. */
  installed: z.strictObject({ variant: variantSchema, version: z.string() }).nullable(),
  /** Bringing it would find nothing to do. */
  isSettled: z.boolean(),
  /** What is not in the cache yet. */
  downloadBytes: z.int(),
  /** The folder that downloads are kept in. */
  cache: z.string(),
});

export type RuntimePlan = z.infer<typeof runtimePlanSchema>;

/** How the last attempt went; it is kept when the host leaves. */
export const runtimeAttemptSchema = z.strictObject({
  /** `interrupted`: its host ended before it did. */
  state: z.enum(['working', 'done', 'failed', 'cancelled', 'interrupted']),
  startedAtMs: z.int(),
  endedAtMs: z.int().nullable(),
  /** What came of it, or why not. */
  message: z.string(),
  lines: z.array(z.string()),
});

export type RuntimeAttempt = z.infer<typeof runtimeAttemptSchema>;

export const runtimeContract = {
  /** Asks no network. */
  look: oc.input(nothing).output(
    z.strictObject({
      plan: runtimePlanSchema,
      last: runtimeAttemptSchema.nullable(),
      /** The job that brings it at present. */
      job: jobSchema.nullable(),
    }),
  ),
  /** Downloads and installs what fits the machine; where that is going on already, its job. */
  bring: oc.input(nothing).output(z.strictObject({ job: z.string() })),
};
