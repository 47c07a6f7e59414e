/** Metrics of runs: exact values, series thinned out for drawing, and spreads over seeds. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { curvesQuerySchema, locatedSchema, locateQuerySchema, packedCurveSchema } from './curves.ts';
import { runArgumentSchema } from './runs.ts';

const range = { from: z.int().min(0).exactOptional(), to: z.int().min(0).exactOptional() };

/** One metric, thinned out: the same number of entries in each array; NaN never occurs, a bucket without a value is absent. */
const thinnedSchema = z.strictObject({
  run: z.string(),
  name: z.string(),
  /** Iterations a bucket; 1: these are the values themselves. */
  bucket: z.int(),
  /** The last iteration of each bucket. */
  iterations: z.array(z.int()),
  min: z.array(z.number()),
  max: z.array(z.number()),
  mean: z.array(z.number()),
});

export type ThinnedSeries = z.infer<typeof thinnedSchema>;

export const metricsContract = {
  names: oc.input(z.strictObject({ run: runArgumentSchema })).output(z.array(z.string())),
  /** Every value from `from` to `to`, oldest first; at most `limit` (100,000) of them, so ask again from the last one's iteration + 1. */
  values: oc
    .input(z.strictObject({ run: runArgumentSchema, name: z.string(), ...range, limit: z.int().min(1).max(100_000).exactOptional() }))
    .output(z.array(z.strictObject({ iteration: z.int(), value: z.number() }))),
  /** Exactly the values of one iteration; none where the run has no such iteration. */
  at: oc.input(z.strictObject({ run: runArgumentSchema, iteration: z.int().min(0) })).output(z.record(z.string(), z.number())),
  /** For drawing: at most about `points` buckets a run and name. */
  thinned: oc
    .input(
      z.strictObject({
        runs: z.array(runArgumentSchema).min(1).max(200),
        names: z.array(z.string()).min(1).max(20),
        ...range,
        points: z.int().min(2).max(10_000),
      }),
    )
    .output(z.array(thinnedSchema)),
  /** For drawing, along episodes or time. */
  curves: oc.input(curvesQuerySchema).output(z.array(packedCurveSchema)),
  /** Of each run that reaches so far, the iteration nearest to a place of the axis, with exactly its values. */
  locate: oc.input(locateQuerySchema).output(z.array(locatedSchema)),
  /** Median and quartiles over runs (their bucket means), where `n` of them have a value. */
  spread: oc
    .input(
      z.strictObject({ runs: z.array(runArgumentSchema).min(1).max(1000), name: z.string(), ...range, points: z.int().min(2).max(10_000) }),
    )
    .output(
      z.strictObject({
        bucket: z.int(),
        iterations: z.array(z.int()),
        median: z.array(z.number()),
        lower: z.array(z.number()),
        upper: z.array(z.number()),
        n: z.array(z.int()),
      }),
    ),
};
