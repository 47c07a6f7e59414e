/** What `doctor` says about one backend. */
import { z } from 'zod';

export const backendReportSchema = z.strictObject({
  name: z.enum(['tensorflow', 'webgpu', 'wasm', 'cpu']),
  works: z.boolean(),
  /** One entry a device; the names that `--device` takes. */
  devices: z.array(z.strictObject({ name: z.string(), description: z.string() })),
  /** The measured speed of the matrix product of its first device. */
  gigaflops: z.number().exactOptional(),
  /** Whether it reproduces the stored golden episode (core/plasticity/golden.ts). */
  goldenEpisode: z.enum(['reproduced', 'failed']).exactOptional(),
  /** What trying it out took. */
  seconds: z.number().exactOptional(),
  /** Why it does not work. */
  reason: z.string().exactOptional(),
  /** What to do about it. */
  advice: z.string().exactOptional(),
});

export type BackendReport = z.infer<typeof backendReportSchema>;
