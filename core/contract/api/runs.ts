/** What the host says of runs, and what can be asked of them. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { runDatasetSchema } from '../dataset-description.ts';
import { evaluationSchema } from '../evaluation.ts';
import { referenceSchema, verdictSchema } from '../verdict.ts';
import { journalRecordSchema } from '../journal-records.ts';
import { runLimits, runSpecSchema } from '../run-spec.ts';
import { runStatuses } from '../run-status.ts';
import { runTableSchema } from './run-table.ts';

/** An id as it is typed: whole, its beginning, or `last`. */
export const runArgumentSchema = z.string().min(1).max(200);
/** Characters, and tags at a time. */
export const aboutLimits = { name: 200, group: 200, note: 100_000, tag: 60, tags: 50 } as const;

const tagSchema = z
  .string()
  .min(1)
  .max(aboutLimits.tag)
  .regex(/^[^\s,]+$/u, 'a tag has no spaces and no commas');

export const runSummarySchema = z.strictObject({
  id: z.string(),
  folder: z.string(),
  spec: runSpecSchema,
  name: z.string(),
  note: z.string(),
  group: z.string(),
  tags: z.array(z.string()),
  protected: z.boolean(),
  status: z.enum(runStatuses),
  reasonCode: z.string().nullable(),
  reason: z.string().nullable(),
  /** What its trainer was asked to do and has not yet done. */
  intent: z.enum(['pause', 'stop']).nullable(),
  /** 1 for the next queued run of its slot. */
  queuePlace: z.int().nullable(),
  slot: z.enum(['gpu', 'cpu']),
  createdAtMs: z.int(),
  startedAtMs: z.int().nullable(),
  /** The last sign of life of its trainer. */
  heardAtMs: z.int().nullable(),
  endedAtMs: z.int().nullable(),
  trashedAtMs: z.int().nullable(),
  backend: z.string().nullable(),
  device: z.string().nullable(),
  dataset: runDatasetSchema.nullable(),
  iteration: z.int(),
  episodes: z.int(),
  seconds: z.number(),
  episodesPerSecond: z.number().nullable(),
  /** Means over the latest 300 episodes. */
  loss: z.number().nullable(),
  score: z.number().nullable(),
  peakRssBytes: z.int().nullable(),
  sizeBytes: z.int(),
  /** Some 40 values of the loss over the whole run. */
  spark: z.array(z.number()),
});

export type RunSummary = z.infer<typeof runSummarySchema>;

const checkpointSchema = z.strictObject({
  file: z.string(),
  kind: z.enum(['full', 'weights']),
  iteration: z.int(),
  episodes: z.int(),
  seconds: z.number(),
  sizeBytes: z.int(),
  sha256: z.string(),
  writtenAtMs: z.int(),
  /** The retention policy took it away. */
  removed: z.boolean(),
});

/** What the network did in some held-out episodes at an evaluation. */
const keptPictureSchema = z.strictObject({
  iteration: z.int(),
  episodes: z.int(),
  score: z.number(),
  /** Relative to the run folder. */
  file: z.string(),
  drawnAtMs: z.int(),
});

const happeningSchema = z.strictObject({
  id: z.int(),
  happenedAtMs: z.int(),
  source: z.enum(['trainer', 'host', 'person']),
  level: z.enum(['info', 'warning', 'error']),
  name: z.string(),
  message: z.string(),
});

export const runDetailsSchema = z.strictObject({
  ...runSummarySchema.shape,
  environment: z.record(z.string(), z.string()),
  codeVersion: z.string().nullable(),
  pid: z.int().nullable(),
  attempts: z.int(),
  picture: z.string().nullable(),
  journalProblem: z.string().nullable(),
  /** Null while it has no values. */
  verdict: verdictSchema.nullable(),
  reference: referenceSchema.nullable(),
  metrics: z.array(z.string()),
  checkpoints: z.array(checkpointSchema),
  evaluations: z.array(evaluationSchema),
  /** In the order of their iterations; not every evaluation has one, and of the older ones only some are kept. */
  pictures: z.array(keptPictureSchema),
  /** The newest 200. */
  happenings: z.array(happeningSchema),
});

export type RunDetails = z.infer<typeof runDetailsSchema>;

/** Columns to sort by; `parameter:NAME` is one of the experiment's. */
export const sortColumns = [
  'id',
  'createdAt',
  'startedAt',
  'endedAt',
  'status',
  'experiment',
  'variant',
  'seed',
  'batch',
  'targetEpisodes',
  'episodes',
  'loss',
  'score',
  'episodesPerSecond',
  'seconds',
  'sizeBytes',
  'name',
  'group',
] as const;

export const runQuerySchema = z.strictObject({
  /** Each given condition must hold; within one, any of its values. */
  status: z.array(z.enum(runStatuses)).exactOptional(),
  experiment: z.array(z.string()).exactOptional(),
  variant: z.array(z.string()).exactOptional(),
  seeds: z.strictObject({ from: z.int(), to: z.int() }).exactOptional(),
  tags: z.array(z.string()).exactOptional(),
  group: z.string().exactOptional(),
  datasetSha256: z.string().exactOptional(),
  /** Numbers above, below or equal: `loss < 20`, `parameter:learningRate = 0.0001`. */
  numbers: z.array(z.strictObject({ column: z.string(), is: z.enum(['<', '<=', '=', '>=', '>']), value: z.number() })).exactOptional(),
  /** Words that all occur in id, name, note, tags, group, experiment, variant, backend or device. */
  text: z.string().max(500).exactOptional(),
  trashed: z.boolean().exactOptional(),
  sort: z
    .array(z.strictObject({ by: z.string(), descending: z.boolean() }))
    .max(8)
    .exactOptional(),
  limit: z.int().min(1).max(20_000).exactOptional(),
  offset: z.int().min(0).exactOptional(),
});

export type RunQuery = z.infer<typeof runQuerySchema>;

const spreadSchema = z.strictObject({ median: z.number(), lower: z.number(), upper: z.number(), n: z.int() });

export const runGroupSchema = z.strictObject({
  /** What its members share: values of the grouping columns, or all of the spec but the seed. */
  key: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Null where its members are of several. */
  experiment: z.string().nullable(),
  /** How people read the score. */
  scoreFormat: z.enum(['number', 'percent']),
  ids: z.array(z.string()),
  seeds: z.array(z.int()),
  statuses: z.partialRecord(z.enum(runStatuses), z.int()),
  /** Median and quartiles over the members that have a value; of loss and score null where these are of several experiments. */
  loss: spreadSchema.nullable(),
  score: spreadSchema.nullable(),
  episodesPerSecond: spreadSchema.nullable(),
  sizeBytes: z.int(),
});

export type RunGroup = z.infer<typeof runGroupSchema>;

/** The input of what needs none. */
export const nothing = z.undefined();

const one = z.strictObject({ run: runArgumentSchema });
const many = z.strictObject({ runs: z.array(runArgumentSchema).min(1).max(20_000) });

/** What a stream about one run brings. `position` is where to go on after a broken connection. */
export const runUpdateSchema = z.strictObject({
  position: z.int(),
  records: z.array(journalRecordSchema),
  /** Present when it changed. */
  run: runSummarySchema.exactOptional(),
});

export type RunUpdate = z.infer<typeof runUpdateSchema>;

export const runsContract = {
  /** Queues new runs, in this order. */
  create: oc
    .input(
      z.strictObject({
        specs: z.array(runSpecSchema).min(1).max(1000),
        name: z.string().max(aboutLimits.name).exactOptional(),
        note: z.string().max(aboutLimits.note).exactOptional(),
        group: z.string().max(aboutLimits.group).exactOptional(),
        tags: z.array(tagSchema).max(aboutLimits.tags).exactOptional(),
      }),
    )
    .output(z.array(runSummarySchema)),
  /** All runs, also those in the trash, newest first. */
  table: oc.input(nothing).output(runTableSchema),
  list: oc.input(runQuerySchema).output(z.strictObject({ runs: z.array(runSummarySchema), total: z.int() })),
  group: oc
    .input(z.strictObject({ query: runQuerySchema, by: z.union([z.literal('all-but-seed'), z.array(z.string()).min(1).max(8)]) }))
    .output(z.array(runGroupSchema)),
  get: oc.input(one).output(runDetailsSchema),
  /** The end of what its trainer printed. */
  log: oc.input(z.strictObject({ run: runArgumentSchema, lines: z.int().min(1).max(100_000).exactOptional() })).output(z.string()),
  happenings: oc.input(z.strictObject({ run: runArgumentSchema, after: z.int().min(0).exactOptional() })).output(z.array(happeningSchema)),
  /** Journal records as they come, after journal record `after` (0: all; without: those to come). Ends when the run has ended and everything was sent. */
  watch: oc.input(z.strictObject({ run: runArgumentSchema, after: z.int().min(0).exactOptional() })).output(eventIterator(runUpdateSchema)),
  /** Runs whenever any of them changed, at most four times a second. Begins with those that are queued, running or paused. */
  watchAll: oc.input(nothing).output(eventIterator(z.strictObject({ runs: z.array(runSummarySchema), removed: z.array(z.string()) }))),
  /** The loss on held-out episodes, as a job: of this checkpoint (`file`, one of the full ones), or of the newest. Its result stands among the evaluations. */
  evaluate: oc
    .input(
      z.strictObject({ run: runArgumentSchema, file: z.string().exactOptional(), episodes: z.int().min(1).max(1_000_000).exactOptional() }),
    )
    .output(z.strictObject({ job: z.string() })),
  pause: oc.input(one).output(runSummarySchema),
  /** Of a paused, stopped, interrupted or failed run; with more `episodes` also of a finished one. Goes on exactly. */
  resume: oc
    .input(z.strictObject({ run: runArgumentSchema, episodes: z.int().min(1).max(runLimits.episodes).exactOptional() }))
    .output(runSummarySchema),
  /** A running one with a checkpoint (`now`: at once, without), a queued or paused one where it stands. */
  stop: oc.input(z.strictObject({ run: runArgumentSchema, now: z.boolean().exactOptional() })).output(runSummarySchema),
  /** A failed or interrupted run again: from its last checkpoint. */
  retry: oc.input(one).output(runSummarySchema),
  /** A new run with the same spec, but for `changes`. */
  clone: oc.input(z.strictObject({ run: runArgumentSchema, changes: z.record(z.string(), z.unknown()) })).output(runSummarySchema),
  update: oc
    .input(
      z.strictObject({
        run: runArgumentSchema,
        name: z.string().max(aboutLimits.name).exactOptional(),
        note: z.string().max(aboutLimits.note).exactOptional(),
        group: z.string().max(aboutLimits.group).exactOptional(),
        protected: z.boolean().exactOptional(),
        addTags: z.array(tagSchema).max(aboutLimits.tags).exactOptional(),
        removeTags: z.array(z.string()).max(aboutLimits.tags).exactOptional(),
      }),
    )
    .output(runSummarySchema),
  /** The same for many runs: all of them or none. Those that have changed come by `watchAll`. */
  updateAll: oc
    .input(
      z.strictObject({
        ...many.shape,
        note: z.string().max(100_000).exactOptional(),
        group: z.string().max(200).exactOptional(),
        protected: z.boolean().exactOptional(),
        addTags: z.array(tagSchema).max(50).exactOptional(),
        removeTags: z.array(z.string()).max(50).exactOptional(),
      }),
    )
    .output(z.strictObject({ updated: z.int() })),
  trash: oc.input(many).output(z.array(runSummarySchema)),
  restore: oc.input(many).output(z.array(runSummarySchema)),
  /** Deletes trashed runs for good. */
  purge: oc.input(many).output(z.strictObject({ purged: z.array(z.string()), freedBytes: z.int() })),
};
