/** The machine under the lab: how busy it is, and what the host wrote down and put aside. */
import { z } from 'zod';

const gpuSchema = z.strictObject({
  name: z.string(),
  /** Of its time, from 0 to 1; null where the card does not say. */
  share: z.number().nullable(),
  memoryUsedBytes: z.int().nullable(),
  memoryTotalBytes: z.int().nullable(),
  temperatureCelsius: z.number().nullable(),
  powerWatts: z.number().nullable(),
});

export const machineLoadSchema = z.strictObject({
  cpuName: z.string(),
  cores: z.int(),
  /** Of all cores together, from 0 to 1, since the question before; null at the first one. */
  cpuShare: z.number().nullable(),
  memoryUsedBytes: z.int(),
  memoryTotalBytes: z.int(),
  /** NVIDIA's, as nvidia-smi tells; none where there is no such program. */
  gpus: z.array(gpuSchema),
  /** A graphics card that was there, or should be, and does not answer: what is known, in a sentence. */
  gpuProblem: z.string().nullable(),
});

export type MachineLoad = z.infer<typeof machineLoadSchema>;

export const hostLogSchema = z.strictObject({
  path: z.string(),
  entries: z.array(
    z.strictObject({ at: z.string(), level: z.enum(['info', 'error', 'output']), message: z.string(), stack: z.string().nullable() }),
  ),
});

export type HostLogTail = z.infer<typeof hostLogSchema>;

export const backupSchema = z.strictObject({ file: z.string(), madeAtMs: z.int(), bytes: z.int() });
