/** How a run stands to what is expected of it. */
import { z } from 'zod';

/** `not-applicable`: there is a reference for these settings, but not for the data or the batch; runs of before say `no-reference` of it, too. */
const verdictKinds = ['better', 'within', 'not-yet', 'not-learning', 'not-applicable', 'no-reference'] as const;

export const verdictSchema = z.strictObject({
  kind: z.enum(verdictKinds),
  /** One sentence for people. */
  text: z.string(),
});

export type Verdict = z.infer<typeof verdictSchema>;

/** What is expected of a run with its settings: a band over the episodes. */
export const referenceSchema = z.strictObject({
  /** The name of the metric that it is about. */
  metric: z.string(),
  source: z.string(),
  /** In rising order; between them the band is straight over the logarithm of the episodes, after the last one it stays. */
  points: z.array(z.strictObject({ episodes: z.number(), low: z.number(), high: z.number() })).min(1),
});

export type ReferenceBand = z.infer<typeof referenceSchema>;

/** What is expected after so many episodes; undefined before the first point. */
export function bandAt(points: ReferenceBand['points'], episodes: number): { readonly low: number; readonly high: number } | undefined {
  const after = points.findIndex((point) => point.episodes > episodes);
  if (after === 0) return undefined;
  const [a, b] = after === -1 ? [points.at(-1)!, points.at(-1)!] : [points[after - 1]!, points[after]!];
  const share = a === b ? 0 : Math.log(episodes / a.episodes) / Math.log(b.episodes / a.episodes);
  return { low: a.low + share * (b.low - a.low), high: a.high + share * (b.high - a.high) };
}
