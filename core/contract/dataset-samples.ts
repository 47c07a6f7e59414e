/** What can be looked at of a data set: sheets of its samples, and what its pixels are like. */
import { z } from 'zod';

const pixelStatisticsSchema = z.strictObject({
  /** Of the grey values of all images, from 0 (black) to 1 (white). */
  mean: z.number(),
  /** Standard deviation of the same. */
  deviation: z.number(),
});

export type PixelStatistics = z.infer<typeof pixelStatisticsSchema>;

export const datasetSamplesSchema = z.strictObject({
  /** Of the contents that were drawn. */
  sha256: z.string(),
  /** Of one sample, in pixels; samples are square. */
  side: z.int().min(1),
  /** Samples a row of a sheet. */
  columns: z.int().min(1),
  /** Samples a sheet; the last may have fewer. */
  perSheet: z.int().min(1),
  /** Names of PNG files in `datasets/ID/samples`. */
  sheets: z.array(z.string()),
  /** What the samples are taken from, class by class; null: from what stands in no class. */
  groups: z.array(z.string().nullable()),
  /** The group of each sample, in their order. */
  samples: z.array(z.int().min(0)),
  pixels: pixelStatisticsSchema,
});

export type DatasetSamples = z.infer<typeof datasetSamplesSchema>;
