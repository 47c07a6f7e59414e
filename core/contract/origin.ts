/** Where a value comes from: the paper, its authors' code, another paper, or ourselves. */
import { z } from 'zod';

export const originSchema = z.strictObject({
  source: z.string(),
  /** How the value differs from what the source has, where it does. */
  deviation: z.string().exactOptional(),
});

export type Origin = z.infer<typeof originSchema>;

/** Whether the value is the one of the experiment's paper or of its authors' code; a source alone does not make it so. */
export function isPublished({ source, deviation }: Origin): boolean {
  return deviation === undefined && /^(arXiv (1804\.02464|2002\.10585)|the authors' published)/.test(source);
}

/** "arXiv 1804.02464 v1, section 4.2", "the authors' published code: 3e-5; ten times as much, for our batch of 16". */
export function sayOrigin({ source, deviation }: Origin): string {
  return deviation === undefined ? source : `${source}; ${deviation}`;
}
