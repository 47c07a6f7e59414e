/** What a measurement of small networks computes: weights, drives and gradients of activations, drawn once into a file that all contenders read. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { SmallRecurrentOptions, SmallWeights } from '../core/plasticity/small/small-recurrent.ts';
import { createRandom } from '../core/random.ts';

/** The maze's network, as long as the published code's episodes. */
export const smallOptions = { neurons: 100, steps: 200, alphaKind: 'free', rule: 'hebb' } as const satisfies SmallRecurrentOptions;
const { neurons: n, steps } = smallOptions;
const eta = 0.1;

/** w [N, N], alpha [N, N], then drives [B, T, N], then ∂loss/∂y [B, T, N], float32. */
export interface SmallJob {
  readonly weights: SmallWeights;
  /** Of an episode, [T, N]. */
  drives(episode: number): Float32Array;
  dy(episode: number): Float32Array;
}

/** @returns a folder that is the caller's to remove, and the file in it. */
export function writeSmallJob(batch: number): { readonly folder: string; readonly file: string } {
  const random = createRandom(1, 'bench small');
  const scales = [
    [n * n, 1 / Math.sqrt(n)],
    [n * n, 0.01],
    [batch * steps * n, 0.5],
    [batch * steps * n, 1],
  ] as const;
  const numbers = scales.flatMap(([count, scale]) => Array.from({ length: count }, () => scale * random.normal()));
  const folder = mkdtempSync(join(tmpdir(), 'engram-bench-small-'));
  const file = join(folder, 'job.f32');
  writeFileSync(file, Float32Array.from(numbers));
  return { folder, file };
}

export function readSmallJob(file: string): SmallJob {
  const numbers = new Float32Array(new Uint8Array(readFileSync(file)).buffer);
  const batch = (numbers.length - 2 * n * n) / (2 * steps * n);
  const matrix = (index: number) => numbers.subarray(index * n * n, (index + 1) * n * n);
  const ofEpisode = (index: number) => numbers.subarray(2 * n * n + index * steps * n, 2 * n * n + (index + 1) * steps * n);
  return { weights: { w: matrix(0), alpha: matrix(1), eta }, drives: ofEpisode, dy: (episode) => ofEpisode(batch + episode) };
}

/** A sample of an iteration, with what shows that all contenders compute the same. */
export const smallSampleSchema = z.object({ seconds: z.number(), loss: z.number(), gradientNorm: z.number() });
export type SmallSample = z.infer<typeof smallSampleSchema>;
