/** What people said of a run, and had found out about it: in the lab's database, and beside the run wherever it goes. */
import { z } from 'zod';
import { evaluationSchema } from './evaluation.ts';
import { triedSchema } from './tried.ts';

export const runAboutSchema = z.strictObject({
  name: z.string(),
  note: z.string(),
  tags: z.array(z.string()),
  group: z.string(),
  protected: z.boolean(),
  createdAtMs: z.int(),
  /** What was tried while looking inside it; absent where nothing was kept. */
  tried: z.array(triedSchema).readonly().exactOptional(),
  /** What people had evaluated beside what the trainer does; absent where there is nothing. */
  evaluated: z.array(evaluationSchema).readonly().exactOptional(),
});

export type RunAbout = z.infer<typeof runAboutSchema>;
