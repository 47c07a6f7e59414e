/** The lab as a whole: host, queue, data sets, jobs, care of disk and history. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { datasetDescriptionSchema } from '../dataset-description.ts';
import { datasetSamplesSchema } from '../dataset-samples.ts';
import { expectedErrorSchema } from './expected-error.ts';
import { backupSchema, hostLogSchema, machineLoadSchema } from './machine.ts';
import { nothing, runArgumentSchema, runSummarySchema } from './runs.ts';

export const hostStatusSchema = z.strictObject({
  pid: z.int(),
  version: z.string(),
  /** Raised when the contract changes so that older front ends would fail. */
  contract: z.int(),
  dataFolder: z.string(),
  startedAtMs: z.int(),
  connections: z.int(),
  running: z.int(),
  queued: z.int(),
  jobs: z.int(),
  /** Free where the data folder lies. */
  freeBytes: z.int(),
  /** Why no run is started at present: the disk is nearly full, or somebody holds the queue. */
  held: z.string().nullable(),
  labBytes: z.int(),
  seriesBytes: z.int(),
  lastBackupAtMs: z.int().nullable(),
  /** What start-up found and did about it: a damaged database put aside, runs that had lost their trainer. */
  notices: z.array(z.string()),
});

export type HostStatus = z.infer<typeof hostStatusSchema>;

export const settingsSchema = z.strictObject({
  /** Runs that may train at the same time. */
  gpuSlots: z.int().min(0).max(64),
  cpuSlots: z.int().min(0).max(64),
  /** Somebody holds the queue: what trains goes on, and nothing else is started. */
  queueHeld: z.boolean(),
  /** Whether interrupted runs are queued again by themselves. */
  resumeInterrupted: z.boolean(),
  /** Below this much free space, running runs are paused and none is started. */
  minimumFreeBytes: z.int().min(0),
  /** Full checkpoints kept of a finished run; its weights at marked iterations always stay. */
  checkpointsOfFinished: z.int().min(1).max(2),
});

export type Settings = z.infer<typeof settingsSchema>;

export const datasetSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  place: z.enum(['built-in', 'copy', 'in-place']),
  addedAtMs: z.int(),
  description: datasetDescriptionSchema,
  /** Absolute path of a sheet of samples; null where none was made. */
  thumbnails: z.string().nullable(),
  /** Runs that were trained on it. */
  runs: z.int(),
});

export type Dataset = z.infer<typeof datasetSchema>;

/** Something long that the host does: importing, exporting, rebuilding. */
export const jobSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['import-dataset', 'export-runs', 'import-run', 'evaluate', 'rebuild', 'purge', 'install-runtime']),
  title: z.string(),
  state: z.enum(['waiting', 'working', 'done', 'failed', 'cancelled']),
  phase: z.string(),
  done: z.number(),
  total: z.number(),
  startedAtMs: z.int(),
  /** What it has told beside its progress, the newest last. */
  lines: z.array(z.string()),
  error: expectedErrorSchema.nullable(),
  /** What came of it: an id or paths, by kind. */
  result: z.array(z.string()),
});

export type Job = z.infer<typeof jobSchema>;

export const exportFormats = ['csv', 'jsonl', 'safetensors', 'npz', 'archive'] as const;

const job = z.strictObject({ job: z.string() });

/** Whatever a front end wants to find again. */
const jsonSchema = z.json();

export const hostContract = {
  status: oc.input(nothing).output(hostStatusSchema),
  /** Ends the host; trainers go on. */
  stop: oc.input(nothing).output(z.strictObject({ stopping: z.literal(true) })),
  settings: oc.input(nothing).output(settingsSchema),
  changeSettings: oc.input(settingsSchema.exactPartial()).output(settingsSchema),
  /** How busy the machine is. */
  load: oc.input(nothing).output(machineLoadSchema),
  /** The end of the host's log, oldest first. */
  log: oc.input(z.strictObject({ lines: z.int().min(1).max(2000) })).output(hostLogSchema),
  /** Copies of the small database, newest first. */
  backups: oc.input(nothing).output(z.array(backupSchema)),
  /** A copy of the small database, now. */
  backup: oc.input(nothing).output(z.strictObject({ file: z.string(), bytes: z.int() })),
  /** Makes both databases anew from the run folders. */
  rebuild: oc.input(nothing).output(job),
};

export const queueContract = {
  list: oc.input(nothing).output(z.array(runSummarySchema)),
  /** Puts a queued run in front of another one, or at the end. */
  move: oc.input(z.strictObject({ run: runArgumentSchema, before: runArgumentSchema.nullable() })).output(z.array(runSummarySchema)),
};

export const datasetsContract = {
  list: oc.input(nothing).output(z.array(datasetSchema)),
  get: oc.input(z.strictObject({ dataset: z.string().min(1) })).output(datasetSchema),
  /** Sheets of samples below `datasets/ID/samples`; the first time they are drawn, which takes as long as reading the data set. */
  samples: oc.input(z.strictObject({ dataset: z.string().min(1) })).output(datasetSamplesSchema),
  add: oc
    .input(
      z.strictObject({ path: z.string().min(1), name: z.string().min(1).max(100).exactOptional(), place: z.enum(['copy', 'in-place']) }),
    )
    .output(job),
  remove: oc.input(z.strictObject({ dataset: z.string().min(1) })).output(z.strictObject({ freedBytes: z.int() })),
};

export const jobsContract = {
  list: oc.input(nothing).output(z.array(jobSchema)),
  /** Its state now and whenever it changes, until it has ended. */
  watch: oc.input(job).output(eventIterator(jobSchema)),
  cancel: oc.input(job).output(jobSchema),
};

export const transferContract = {
  /** `to` is a file for csv, jsonl and an archive of one run, else a folder. */
  exportRuns: oc
    .input(
      z.strictObject({
        runs: z.array(runArgumentSchema).min(1).max(20_000),
        format: z.enum(exportFormats),
        names: z.array(z.string()).exactOptional(),
        to: z.string().min(1),
      }),
    )
    .output(job),
  importRun: oc.input(z.strictObject({ path: z.string().min(1) })).output(job),
};

export const viewsContract = {
  list: oc.input(nothing).output(z.array(z.strictObject({ name: z.string(), view: jsonSchema }))),
  save: oc.input(z.strictObject({ name: z.string().min(1).max(100), view: jsonSchema })).output(z.strictObject({ saved: z.literal(true) })),
  remove: oc.input(z.strictObject({ name: z.string() })).output(z.strictObject({ removed: z.boolean() })),
};
