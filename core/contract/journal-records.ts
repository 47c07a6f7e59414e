/** What a trainer writes into the journal of its run folder: one of these a line. */
import { z } from 'zod';
import { runDatasetSchema } from './dataset-description.ts';
import { backendChoices } from './run-spec.ts';
import { verdictSchema } from './verdict.ts';
import { runStatuses } from './run-status.ts';

const time = { /** Wall clock, milliseconds since 1970. */ atMs: z.number() };
const progress = { iteration: z.int().min(0), episodes: z.int().min(0) };

/** A trainer begins or takes up the run. */
const startRecord = z.strictObject({
  type: z.literal('start'),
  ...time,
  ...progress,
  pid: z.int(),
  backend: z.enum(backendChoices).exclude(['auto']),
  device: z.string(),
  dataset: runDatasetSchema,
  environment: z.record(z.string(), z.string()),
});

/** One optimiser step. */
const metricsRecord = z.strictObject({
  type: z.literal('metrics'),
  ...progress,
  batch: z.int().min(1),
  /** Seconds of training so far, those of earlier sessions included. */
  seconds: z.number(),
  episodesPerSecond: z.number(),
  rssBytes: z.number(),
  /** `loss`, the experiment's score under its own name, `learningRate`, `gradientNorm`, …: finite numbers only. */
  values: z.record(z.string(), z.number()),
});

/** A file under `checkpoints/` is complete and on the disk. */
const checkpointRecord = z.strictObject({
  type: z.literal('checkpoint'),
  ...time,
  ...progress,
  seconds: z.number(),
  /** Everything, to continue from; or the parameters alone, to look at. */
  kind: z.enum(['full', 'weights']),
  file: z.string(),
  bytes: z.number(),
  sha256: z.string(),
});

/** Held-out episodes, none of which was trained on. */
const evaluationRecord = z.strictObject({
  type: z.literal('evaluation'),
  ...time,
  ...progress,
  heldOutEpisodes: z.int().min(1),
  loss: z.number(),
  /** The experiment's score. */
  score: z.number(),
});

const level = z.enum(['info', 'warning', 'error']);

/** Something happened that a person may want to see on the curve; runs of before did not say how grave it was. */
const eventRecord = z.strictObject({
  type: z.literal('event'),
  ...time,
  name: z.string(),
  message: z.string(),
  level: level.exactOptional(),
});

const logRecord = z.strictObject({ type: z.literal('log'), ...time, level, message: z.string() });

/** Training continues from this iteration: every earlier record of a later iteration is replaced by what follows. */
const rewindRecord = z.strictObject({
  type: z.literal('rewind'),
  ...time,
  ...progress,
  /** The checkpoint it continues from; absent at iteration 0. */
  file: z.string().exactOptional(),
});

/** The trainer leaves; without this record as the last one, it did not leave by itself. */
const endRecord = z.strictObject({
  type: z.literal('end'),
  ...time,
  ...progress,
  status: z.enum(runStatuses).extract(['finished', 'stopped', 'failed']),
  /** Nobody asked it through its run folder: the system did, as when it shuts down. */
  bySystem: z.literal(true).exactOptional(),
  seconds: z.number(),
  episodesPerSecond: z.number(),
  peakRssBytes: z.number(),
  /** Means over the last 300 training episodes; absent before the first iteration. */
  loss: z.number().exactOptional(),
  score: z.number().exactOptional(),
  /** What the network does with held-out episodes, drawn; relative to the run folder. */
  picture: z.string().exactOptional(),
  /** Of a run that has finished or was stopped: how it stands to what was expected. */
  verdict: verdictSchema.exactOptional(),
  error: z.strictObject({ kind: z.enum(['input', 'failure']), code: z.string(), message: z.string() }).exactOptional(),
});

export const journalRecordSchema = z.discriminatedUnion('type', [
  startRecord,
  metricsRecord,
  checkpointRecord,
  evaluationRecord,
  eventRecord,
  logRecord,
  rewindRecord,
  endRecord,
]);

export type JournalRecord = z.infer<typeof journalRecordSchema>;
export type JournalRecordOf<T extends JournalRecord['type']> = Extract<JournalRecord, { type: T }>;

/** Numbers of a metrics record that have a name of their own: no metric is called so. */
export const ownMetricNames = ['episodes', 'seconds', 'episodesPerSecond', 'rssBytes', 'batch'] as const;
