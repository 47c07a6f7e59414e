/** From what a file of the user's exports to what is known of it as data; every rule that it breaks is named. */
import { InputError } from '../contract/errors.ts';
import { extensionKinds, extensionNamePattern, extensionNameRule, extensionSchema, type Extension } from '../contract/extension.ts';
import { ownMetricNames } from '../contract/journal-records.ts';
import { suggestName } from '../contract/nearest-name.ts';
import { backendChoices, experimentNames, runSpecSchema, variantNames } from '../contract/run-spec.ts';
import { recallExperiments, ruleNames, taskParameters } from '../experiments/extended.ts';
import { readParameter, type Parameter } from '../experiments/parameter.ts';
import { findExperiment } from '../experiments/index.ts';
import type { AnyExtension, NetworkExtension, RuleExtension, TaskExtension } from './extension.ts';

const fields: Readonly<Record<AnyExtension['kind'], { readonly functions: readonly string[]; readonly others: readonly string[] }>> = {
  task: {
    functions: ['create'],
    others: ['title', 'summary', 'source', 'score', 'parameters', 'episodes', 'batch', 'defaults'],
  },
  rule: { functions: ['next', 'derivatives'], others: ['title', 'meaning', 'parameters'] },
  network: { functions: ['create'], others: ['title', 'meaning', 'parameters'] },
};

const defaults = { learningRate: 1e-3, initialScale: 0.01, initialEta: 0.01, evaluationEvery: 100, checkpointEvery: 200 };

/** Metrics that every run may have; a score of the same name would overwrite one. */
const takenMetrics: readonly string[] = ['loss', 'score', 'gradientNorm', 'learningRate', 'eta', 'meanSquaredError', ...ownMetricNames];

/** @throws InputError `extension-name-taken` naming both. */
export function requireFreeName(name: string): void {
  if (!extensionNamePattern.test(name)) refuse(`the file's name must be ${extensionNameRule}, not "${name}"`);
  const taken: readonly (readonly [what: string, names: readonly string[]])[] = [
    ['experiment', experimentNames],
    ['variant', variantNames],
    ['rule', ruleNames],
    ['backend', backendChoices],
  ];
  for (const [what, names] of taken) {
    if (names.includes(name)) {
      throw new InputError('extension-name-taken', `the name "${name}" is taken by Engram's ${what} "${name}": give the file another one`);
    }
  }
}

/** @throws InputError `extension-invalid`, `extension-name-taken`. */
export function describeExtension(exported: unknown, { name, sha256 }: { readonly name: string; readonly sha256: string }): Extension {
  requireFreeName(name);
  if (typeof exported !== 'object' || exported === null) refuse(`the file must export an object by default, not ${typeof exported}`);
  const { kind } = exported as { readonly kind?: unknown };
  const known = extensionKinds.find((each) => each === kind);
  if (known === undefined)
    refuse(`kind must be one of ${extensionKinds.join(', ')}, not ${kind === undefined ? 'missing' : JSON.stringify(kind)}`);
  const { functions, others } = fields[known];
  const record = exported as Readonly<Record<string, unknown>>;
  for (const key of functions) if (typeof record[key] !== 'function') refuse(`a ${known} needs a function "${key}"`);
  const names = ['kind', ...functions, ...others];
  for (const key of Object.keys(record)) if (!names.includes(key)) refuse(`a ${known} has no field "${key}": ${suggestName(key, names)}`);
  const extension = parse(
    known === 'task'
      ? describeTask(exported as TaskExtension, name, sha256)
      : { ...pick(record, others), ...describeOwn(exported as NetworkExtension | RuleExtension, name), kind, name, sha256 },
  );
  if (extension.kind === 'task') checkTask(extension);
  if (extension.kind !== 'task') checkParameters(extension.parameters ?? {}, namesOfRecall);
  return extension;
}

function describeOwn({ kind, parameters }: NetworkExtension | RuleExtension, name: string) {
  if (parameters === undefined) return {};
  return { parameters: describeParameters(parameters, kind === 'rule' ? 'plasticity' : kind, `the ${kind} ${name}`) };
}

function describeParameters(parameters: TaskExtension['parameters'], group: 'task' | 'network' | 'plasticity', source: string) {
  const described = Object.entries(parameters).map(([key, parameter]) => [
    key,
    { group, source, ...(parameter.kind === 'number' ? { unit: '' } : {}), ...parameter },
  ]);
  return Object.fromEntries(described) as unknown;
}

function describeTask({ kind, title, summary, score, episodes, batch, ...task }: TaskExtension, name: string, sha256: string) {
  const source = task.source ?? `the task ${name}`;
  if (typeof task.parameters !== 'object') refuse('a task needs "parameters"');
  return {
    kind,
    name,
    sha256,
    title,
    summary,
    source,
    score,
    episodes,
    batch,
    parameters: describeParameters(task.parameters, 'task', source),
    defaults: { ...defaults, ...task.defaults },
  };
}

function checkTask({ score, parameters, defaults: given }: Extract<Extension, { kind: 'task' }>): void {
  if (takenMetrics.includes(score.name)) refuse(`the score's name "${score.name}" is taken by a metric that every run has`);
  checkParameters(parameters, Object.keys(taskParameters(given)));
}

/** Those that a run of a recall experiment may have already. */
const namesOfRecall = recallExperiments.flatMap((name) => Object.keys(findExperiment(name).parameters));

/** What the form and the command line call something else. */
const takenByRuns: readonly string[] = [
  ...Object.keys(runSpecSchema.unwrap().shape),
  'preset',
  'seeds',
  'name',
  'note',
  'group',
  'tags',
  'tag',
];

function checkParameters(parameters: Readonly<Record<string, Parameter>>, taken: readonly string[]): void {
  for (const [key, parameter] of Object.entries(parameters)) {
    if (taken.includes(key) || takenByRuns.includes(key)) refuse(`the parameter "${key}" is taken: runs have one of this name already`);
    readParameter(key, parameter, parameter.default);
  }
}

function parse(described: unknown): Extension {
  const { data, error } = extensionSchema.safeParse(described);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  return refuse(`${issue?.path.join('.') ?? 'the object'}: ${issue?.message ?? 'not valid'}`);
}

function pick(record: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.filter((key) => key in record).map((key) => [key, record[key]]));
}

function refuse(rule: string): never {
  throw new InputError('extension-invalid', rule);
}
