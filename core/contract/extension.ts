/** What a user has added in a file of their own: what is known of it as data, without running its code. */
import { z } from 'zod';

export const extensionKinds = ['task', 'rule', 'network'] as const;
export type ExtensionKind = (typeof extensionKinds)[number];

/** Its file's name without the ending. */
export const extensionNamePattern = /^[a-z][a-z0-9-]{1,39}$/;
export const extensionNameRule = 'two to forty small letters, digits and dashes, beginning with a letter';

const line = z.string().min(1).max(2000);
const identifier = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'a name is letters and digits, beginning with a small letter');

const described = { group: z.enum(['task', 'network', 'plasticity']), meaning: line, source: z.string().max(2000) };

const parameterSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...described,
    kind: z.literal('number'),
    default: z.number(),
    unit: z.string().max(40),
    minimum: z.number(),
    maximum: z.number(),
    multipleOf: z.number().positive().exactOptional(),
  }),
  z.strictObject({ ...described, kind: z.literal('choice'), default: z.string(), choices: z.array(z.string()).min(1).max(50) }),
]);

const identity = {
  name: z.string().regex(extensionNamePattern),
  /** Of its file. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  title: line,
};

const parametersSchema = z.record(identifier, parameterSchema);

const taskSchema = z.strictObject({
  ...identity,
  kind: z.literal('task'),
  summary: line,
  source: z.string().max(2000),
  score: z.strictObject({
    name: identifier,
    label: line,
    meaning: line,
    better: z.enum(['lower', 'higher']),
    format: z.enum(['number', 'percent']),
  }),
  parameters: parametersSchema,
  episodes: z.int().min(1).max(1_000_000_000),
  batch: z.int().min(1).max(1024),
  /** Of the parameters that every task has. */
  defaults: z.strictObject({
    learningRate: z.number().min(0).max(1),
    initialScale: z.number().min(0).max(1),
    initialEta: z.number().min(0).max(1),
    evaluationEvery: z.int().min(0),
    checkpointEvery: z.int().min(1),
  }),
});

const part = { ...identity, meaning: line, parameters: parametersSchema.exactOptional() };
const ruleSchema = z.strictObject({ ...part, kind: z.literal('rule') });
const networkSchema = z.strictObject({ ...part, kind: z.literal('network') });

/** An extension as lists and the specs of runs name it. */
export const extensionSchema = z.discriminatedUnion('kind', [taskSchema, ruleSchema, networkSchema]);

export type Extension = z.infer<typeof extensionSchema>;
export type ExtensionOf<Kind extends ExtensionKind> = Extract<Extension, { kind: Kind }>;

/** A file in the lab's folder of extensions: what it adds, or what is wrong with it. */
export const extensionFileSchema = z.strictObject({
  /** In the folder. */
  file: z.string(),
  /** '' for a file that cannot be read. */
  sha256: z.string(),
  extension: extensionSchema.nullable(),
  /** Names the file, and the line where it is known. */
  problem: z.string().nullable(),
});

export type ExtensionFile = z.infer<typeof extensionFileSchema>;
