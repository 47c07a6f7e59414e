/** What a trainer process can be asked to do, and what it answers. */
import { z } from 'zod';
import { backendReportSchema } from '../../core/contract/backend-report.ts';

/** Begins the run or takes it up; `episodes` raises the number that its spec names. */
export const trainJobSchema = z.strictObject({ job: z.literal('train'), folder: z.string(), episodes: z.int().exactOptional() });

/** The one argument of a trainer process, as JSON. */
export const jobSchema = z.discriminatedUnion('job', [
  trainJobSchema,
  z.strictObject({ job: z.literal('evaluate'), folder: z.string(), file: z.string().exactOptional(), episodes: z.int().exactOptional() }),
  z.strictObject({ job: z.literal('export'), folder: z.string(), to: z.string(), episode: z.int().exactOptional() }),
  /** Answers questions one after the other (inspect-jobs.ts), and leaves with the one who asks. */
  z.strictObject({ job: z.literal('inspect'), folder: z.string(), to: z.string() }),
  z.strictObject({ job: z.literal('doctor'), backend: backendReportSchema.shape.name }),
]);

export type Job = z.infer<typeof jobSchema>;
export type TrainJob = z.infer<typeof trainJobSchema>;
export type InspectJob = Extract<Job, { job: 'inspect' }>;
/** Jobs that end with an answer instead of a journal. */
export type QuestionJob = Exclude<Job, TrainJob | InspectJob>;

/** The answer's file descriptor in the trainer process. */
export const answerDescriptor = 3;

export const answerSchema = z.union([
  z.strictObject({
    /** The iteration of the checkpoint that was used; 0 where none was. */
    iteration: z.int(),
    warnings: z.array(z.string()),
    backend: backendReportSchema.exactOptional(),
    evaluation: z.strictObject({ episodes: z.int(), loss: z.number(), score: z.number() }).exactOptional(),
    files: z.array(z.string()).exactOptional(),
  }),
  z.strictObject({ error: z.strictObject({ kind: z.enum(['input', 'failure']), code: z.string(), message: z.string() }) }),
]);

export type Answer = Exclude<z.infer<typeof answerSchema>, { error: unknown }>;

/** How a trainer process leaves when it could not say why in the journal; otherwise with the command line's exit codes. */
export const trainerExitCodes = { diskFull: 74, busy: 75 } as const;
