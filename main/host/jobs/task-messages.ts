/** What a host and a process that does a task for it say to each other. */
import { z } from 'zod';
import { expectedErrorSchema } from '../../../core/contract/api/expected-error.ts';
import type { RunAbout } from '../../../core/contract/archive-manifest.ts';
import type { DatasetDescription } from '../../../core/contract/dataset-description.ts';

/** What each task is given; none of them opens a database. */
export interface TaskInputs {
  /** → its description, and where the sheet of samples is. */
  'import-dataset': { readonly source: string; readonly mode: 'copy' | 'in-place'; readonly to: string };
  /** → the index of the samples. */
  'draw-samples': { readonly description: DatasetDescription; readonly to: string };
  /** → why it cannot be used, or null. */
  'check-dataset': { readonly description: DatasetDescription };
  /** The parameters of newest checkpoints → the files. */
  'export-arrays': { readonly runs: readonly { readonly folder: string; readonly to: string }[]; readonly format: 'safetensors' | 'npz' };
  /** → the files. */
  'export-archives': {
    readonly runs: readonly { readonly folder: string; readonly to: string; readonly about: RunAbout }[];
    readonly version: string;
  };
  /** → the run's id. */
  'import-run': {
    readonly from: string;
    readonly runsFolder: string;
    /** Ids of the lab's runs, be their folders there or not. */
    readonly known: readonly string[];
  };
}

export type TaskName = keyof TaskInputs;

/** The one message to the process, which gives up when the connection ends. */
export type TaskOrder = { [Name in TaskName]: { readonly name: Name; readonly input: TaskInputs[Name] } }[TaskName];

export const taskMessageSchema = z.union([
  z.strictObject({ progress: z.tuple([z.string(), z.number(), z.number()]) }),
  z.strictObject({ result: z.unknown() }),
  z.strictObject({ error: expectedErrorSchema }),
]);

export type TaskMessage = z.infer<typeof taskMessageSchema>;
