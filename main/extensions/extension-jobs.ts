/** What a short-lived process that runs extensions can be asked, and what it answers. */
import { z } from 'zod';
import { expectedErrorSchema } from '../../core/contract/api/expected-error.ts';
import { extensionSchema } from '../../core/contract/extension.ts';
import { runSpecSchema } from '../../core/contract/run-spec.ts';

/** The one argument of the process, as JSON. */
export const extensionJobSchema = z.discriminatedUnion('job', [
  z.strictObject({ job: z.literal('describe'), folder: z.string(), file: z.string() }),
  z.strictObject({ job: z.literal('estimate'), folder: z.string(), spec: runSpecSchema }),
  z.strictObject({ job: z.literal('explain'), folder: z.string(), spec: runSpecSchema }),
]);

export type ExtensionJob = z.infer<typeof extensionJobSchema>;

export const answerDescriptor = 3;

export const extensionAnswerSchema = z.union([
  z.strictObject({ extension: extensionSchema }),
  z.strictObject({ result: z.unknown() }),
  z.strictObject({ error: expectedErrorSchema }),
]);

export type ExtensionAnswer = z.infer<typeof extensionAnswerSchema>;
