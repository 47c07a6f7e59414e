/** What a host and a process that does a task for it say to each other. */
import { z } from 'zod';
import { expectedErrorSchema } from '../../../core/contract/api/expected-error.ts';
import { datasetDescriptionSchema } from '../../../core/contract/dataset-description.ts';
import { runAboutSchema } from '../../../core/contract/run-about.ts';

const exportedRun = { folder: z.string(), to: z.string() };

/** The one message to the process, which gives up when the connection ends: a task and what it is given; none of them opens a database. */
export const taskOrderSchema = z.discriminatedUnion('name', [
  /** → its description, and where the sheet of samples is. */
  describeOrder('import-dataset', { source: z.string(), mode: z.enum(['copy', 'in-place']), to: z.string() }),
  /** → the index of the samples. */
  describeOrder('draw-samples', { description: datasetDescriptionSchema, to: z.string() }),
  /** → why it cannot be used, or null. */
  describeOrder('check-dataset', { description: datasetDescriptionSchema }),
  /** The parameters of newest checkpoints → the files. */
  describeOrder('export-arrays', { runs: z.array(z.strictObject(exportedRun)).readonly(), format: z.enum(['safetensors', 'npz']) }),
  /** → the files. What an archive has no room for is refused by who writes it. */
  describeOrder('export-archives', {
    runs: z.array(z.strictObject({ ...exportedRun, about: runAboutSchema })).readonly(),
    version: z.string(),
  }),
  /** → the run's id. */
  describeOrder('import-run', {
    from: z.string(),
    runsFolder: z.string(),
    /** Ids of the lab's runs, be their folders there or not. */
    known: z.array(z.string()).readonly(),
  }),
]);

export type TaskOrder = z.infer<typeof taskOrderSchema>;
export type TaskName = TaskOrder['name'];
export type TaskInputs = { readonly [Order in TaskOrder as Order['name']]: Order['input'] };

export const taskMessageSchema = z.union([
  z.strictObject({ progress: z.tuple([z.string(), z.number(), z.number()]) }),
  z.strictObject({ result: z.unknown() }),
  z.strictObject({ error: expectedErrorSchema }),
]);

export type TaskMessage = z.infer<typeof taskMessageSchema>;

function describeOrder<Name extends string, Shape extends z.ZodRawShape>(name: Name, input: Shape) {
  return z.strictObject({ name: z.literal(name), input: z.strictObject(input) });
}
