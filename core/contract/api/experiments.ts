/** What can be trained: experiments with their hyper-parameters, what a run would cost, and the backends of this machine. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { backendReportSchema } from '../backend-report.ts';
import { extensionFileSchema } from '../extension.ts';
import { dataKinds } from '../dataset-description.ts';
import { originSchema } from '../origin.ts';
import { runSpecSchema } from '../run-spec.ts';
import { referenceSchema } from '../verdict.ts';
import { nothing } from './runs.ts';

const described = {
  name: z.string(),
  /** Where a form puts it. */
  group: z.enum(['task', 'network', 'plasticity', 'training', 'run']),
  meaning: z.string(),
  /** Of the default. */
  ...originSchema.shape,
  /** In words: "a whole number from 1 to 20". */
  rule: z.string(),
};

const parameterSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...described,
    kind: z.literal('number'),
    default: z.number(),
    unit: z.string(),
    minimum: z.number(),
    maximum: z.number(),
    multipleOf: z.number().exactOptional(),
  }),
  z.strictObject({ ...described, kind: z.literal('choice'), default: z.string(), choices: z.array(z.string()) }),
]);

export type ParameterDescription = z.infer<typeof parameterSchema>;

const scoreSchema = z.strictObject({
  /** Its name among a run's metrics. */
  name: z.string(),
  /** "relative error", in the middle of a sentence. */
  label: z.string(),
  meaning: z.string(),
  better: z.enum(['lower', 'higher']),
  /** How people read it: as it is, or in per cent. */
  format: z.enum(['number', 'percent']),
  /** An episode is one answer, right or wrong. */
  countsAnswers: z.literal(true).exactOptional(),
});

export type ScoreDescription = z.infer<typeof scoreSchema>;

const namedPresetSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  source: z.string(),
  /** Of each parameter that the preset itself names. */
  origins: z.record(z.string(), originSchema),
  /** Complete: what the preset itself does not say is as in the experiment's defaults. */
  spec: runSpecSchema,
});

export type NamedPreset = z.infer<typeof namedPresetSchema>;

const experimentSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  summary: z.string(),
  source: z.string(),
  /** `parameters`: those that this variant alone has. */
  variants: z.array(z.strictObject({ name: z.string(), meaning: z.string(), parameters: z.array(parameterSchema) })),
  /** Rules of the user's with parameters that runs have under them alone. */
  rules: z.array(z.strictObject({ name: z.string(), parameters: z.array(parameterSchema) })),
  /** The one number besides the loss by which its runs are judged. */
  score: scoreSchema,
  data: z.enum(dataKinds),
  parameters: z.array(parameterSchema),
  episodes: z.int(),
  batch: z.int(),
  deviations: z.array(z.string()),
  /** The preset, complete: what a run gets whose user changes nothing. */
  preset: runSpecSchema,
  /** Published settings under a name, besides `preset`. */
  presets: z.array(namedPresetSchema),
  /** A task of the user's whose file has gone or is broken: there are runs of it, and no new one can be made. */
  gone: z.literal(true).exactOptional(),
});

export type ExperimentDescription = z.infer<typeof experimentSchema>;

export const estimateSchema = z.strictObject({
  neurons: z.int(),
  /** Trained numbers: w, alpha, eta. */
  parameters: z.int(),
  /** Network time steps an episode. */
  steps: z.int(),
  /** Consecutive steps of one kind: an image that is shown, blank input, the test. */
  protocol: z.array(z.strictObject({ label: z.string(), steps: z.int() })),
  /** The engine's form that would compute it. */
  form: z.string(),
  /** Products of an iteration, values and gradients. */
  flops: z.number(),
  memoryBytes: z.number(),
  /** What one more episode an iteration adds to the memory. */
  memoryPerEpisodeBytes: z.number(),
  diskBytes: z.number(),
  /** What one more iteration adds to the disk. */
  diskPerIterationBytes: z.number(),
  /** The whole training; null where nothing was measured on this machine yet. */
  seconds: z.number().nullable(),
  /** Where `seconds` comes from: a run of the same kind, or, less exactly, the speed of the backend's matrix product. */
  basis: z.string(),
});

export type Estimate = z.infer<typeof estimateSchema>;

/** What a run would cost, and what is expected of it. */
const outlookSchema = estimateSchema.extend({
  /** Null where nothing is. */
  reference: referenceSchema.nullable(),
  /** Why nothing is expected, in a sentence without its full stop; empty where something is. */
  whyNoReference: z.string(),
});

export type Outlook = z.infer<typeof outlookSchema>;

export const experimentsContract = {
  /** With the tasks of the user's, and their networks and rules as variants and choices. */
  list: oc.input(nothing).output(z.array(experimentSchema)),
  /** Every file in the lab's folder of extensions. */
  extensions: oc.input(nothing).output(z.strictObject({ folder: z.string(), files: z.array(extensionFileSchema) })),
  /** Before it is started. A spec that is not valid is refused in words. */
  estimate: oc.input(z.strictObject({ spec: z.record(z.string(), z.unknown()) })).output(outlookSchema),
  /** What the last examination found; with `examine`, after a new one, which takes some seconds. Null: never examined. */
  backends: oc
    .input(z.strictObject({ examine: z.boolean() }))
    .output(z.strictObject({ examinedAtMs: z.int().nullable(), reports: z.array(backendReportSchema) })),
};
