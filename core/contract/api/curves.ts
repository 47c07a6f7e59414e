/** Metrics as they are drawn: thinned out, along episodes or time, packed so that a hundred runs are a megabyte. */
import { z } from 'zod';
import { runArgumentSchema } from './runs.ts';

/** What a curve can run along; each grows with the iterations of a run. */
export const curveAxes = ['iteration', 'episodes', 'seconds'] as const;
export type CurveAxis = (typeof curveAxes)[number];

export const curvesQuerySchema = z.strictObject({
  runs: z.array(runArgumentSchema).min(1).max(200),
  names: z.array(z.string()).min(1).max(20),
  along: z.enum(curveAxes),
  /** Of the axis; what lies a little outside comes along, so that lines reach the edge. */
  from: z.number().exactOptional(),
  to: z.number().exactOptional(),
  /** At most about so many buckets a curve. */
  points: z.int().min(2).max(10_000),
  /** Also the least and the largest value of each bucket (default). */
  extremes: z.boolean().exactOptional(),
});

export type CurvesQuery = z.infer<typeof curvesQuerySchema>;

export const packedCurveSchema = z.strictObject({
  run: z.string(),
  name: z.string(),
  /** Iterations a bucket; 1: these are the values themselves. `min` and `max` are empty then, and where nobody asked for them. */
  bucket: z.int(),
  /** The last iteration that is in it. */
  last: z.int(),
  /** For `unpackNumbers`: the mean of each bucket's places on the axis, and what its values are. */
  x: z.string(),
  mean: z.string(),
  min: z.string(),
  max: z.string(),
});

export type PackedCurve = z.infer<typeof packedCurveSchema>;

export const locateQuerySchema = z.strictObject({
  runs: z.array(runArgumentSchema).min(1).max(200),
  names: z.array(z.string()).min(1).max(40),
  along: z.enum(curveAxes),
  /** A place on the axis; null: each run's last one. */
  at: z.number().nullable(),
});

/** A run's iteration that is nearest to a place on the axis, and exactly its values. */
export const locatedSchema = z.strictObject({
  run: z.string(),
  iteration: z.int(),
  x: z.number(),
  values: z.record(z.string(), z.number()),
});

export type Located = z.infer<typeof locatedSchema>;

/** Of float64, little-endian, in base64. */
export function unpackNumbers(packed: string): Float64Array {
  const text = atob(packed);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return new Float64Array(bytes.buffer);
}
