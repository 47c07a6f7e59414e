/** The lines of the form: an experiment's hyper-parameters, and what every run has besides. */
import type { ExperimentDescription, ParameterDescription } from '../../core/contract/api/experiments.ts';
import type { DataKind } from '../../core/contract/dataset-description.ts';
import { obeys, parseNumber, parseNumberList } from '../../core/contract/numbers.ts';
import { isPublished, type Origin } from '../../core/contract/origin.ts';
import { runLimits, type RunSpec } from '../../core/contract/run-spec.ts';
import { describeNumbers } from '../../core/contract/train-command.ts';
import { datasetMeanings } from '../words.ts';

export const groupTitles = {
  task: 'Task',
  network: 'Network',
  plasticity: 'Plasticity',
  training: 'Training',
  run: 'Run',
  about: 'Name and group',
} as const;
export type GroupName = keyof typeof groupTitles;

/** What people say of a run beside its spec. */
export interface About {
  readonly name: string;
  readonly group: string;
  readonly tags: readonly string[];
}

export interface Field {
  /** A parameter's name, or the field of the spec or of what is said of a run. */
  readonly key: string;
  readonly label: string;
  readonly group: GroupName;
  readonly control: 'number' | 'text' | 'choice';
  /** What stands in it before anybody types. */
  readonly initial: string;
  readonly unit: string;
  readonly meaning: string;
  /** Of what the experiment has by default; undefined where nobody claims anything. */
  readonly origin?: Origin | undefined;
  /** Whose own parameter it is: the form has it while this other field has this value. */
  readonly owner?: { readonly key: 'variant' | 'rule'; readonly value: string };
  /** In words, without a full stop. */
  readonly rule: string;
  /** The value of the paper or of its authors' code, where the default is one. */
  readonly paper?: string | undefined;
  /** Of a choice among a parameter's values; other choices are made of what the lab has. */
  readonly choices?: readonly string[] | undefined;
  /** For numbers: the arrow keys go by this. */
  readonly step?: number | undefined;
  readonly allows: (text: string) => boolean;
}

const mostSeeds = 1000;

/** Every field of every variant and rule, in the order of the form; `base` and `about` say what stands in them. */
export function createFields(experiment: ExperimentDescription, base: RunSpec, about: About): Field[] {
  const isShared = ({ name }: ParameterDescription) => experiment.parameters.some((parameter) => parameter.name === name);
  // A run of a variant or a rule whose parameter has a name of the experiment's is refused in words.
  const fieldsOf = (key: 'variant' | 'rule') => (owner: { readonly name: string; readonly parameters: readonly ParameterDescription[] }) =>
    owner.parameters
      .filter((parameter) => !isShared(parameter))
      .map((parameter) => ({ ...parameterField(parameter, base), owner: { key, value: owner.name } }));
  const own = [...experiment.variants.flatMap(fieldsOf('variant')), ...experiment.rules.flatMap(fieldsOf('rule'))];
  return [
    ...commonFields(experiment.data, base, about),
    ...experiment.parameters.map((parameter) => parameterField(parameter, base)),
    ...own,
  ];
}

/** `presentationsPerPattern` → `Presentations per pattern`. */
function labelOf(name: string): string {
  const words = name.replace(/([a-z])([A-Z0-9])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `0.0001` is harder to read than `1e-4`. */
export function plain(value: number | string): string {
  if (typeof value === 'string') return value;
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
}

export function readSeeds(text: string): number[] | undefined {
  return parseNumberList(text, runLimits.seed, mostSeeds);
}

export function readTags(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/u).filter((tag) => tag !== ''))];
}

function parameterField(parameter: ParameterDescription, base: RunSpec): Field {
  const { name, group, meaning, rule } = parameter;
  const shared = {
    key: name,
    label: labelOf(name),
    group,
    initial: plain(base.parameters[name] ?? parameter.default),
    meaning,
    origin: parameter,
    rule,
    paper: isPublished(parameter) ? plain(parameter.default) : undefined,
  };
  if (parameter.kind === 'choice') {
    const { choices } = parameter;
    return { ...shared, control: 'choice', unit: '', choices, allows: (text) => choices.includes(text) };
  }
  return {
    ...shared,
    control: 'number',
    unit: parameter.unit,
    step: parameter.multipleOf,
    allows: (text) => allowsNumber(text, parameter),
  };
}

function allowsNumber(text: string, rule: Parameters<typeof obeys>[1]): boolean {
  const number = parseNumber(text.trim());
  return number !== undefined && obeys(number, rule);
}

function commonFields(data: DataKind, base: RunSpec, about: About): Field[] {
  const count = (key: 'episodes' | 'batch', meaning: string): Field => {
    const maximum = runLimits[key];
    const rule = `a whole number from 1 to ${maximum.toLocaleString('en')}`;
    const allows = (text: string) => allowsNumber(text, { minimum: 1, maximum, multipleOf: 1 });
    return {
      ...nothing,
      key,
      label: labelOf(key),
      group: 'training',
      control: 'number',
      initial: String(base[key]),
      unit: 'episodes',
      step: 1,
      meaning,
      rule,
      allows,
    };
  };
  const choice = (key: string, label: string, initial: string, meaning: string): Field => {
    return { ...nothing, key, label, group: 'run', control: 'choice', initial, meaning };
  };
  const text = (key: string, label: string, initial: string, meaning: string, rule: string, allows: Field['allows']): Field => {
    return { ...nothing, key, label, group: 'about', control: 'text', initial, meaning, rule, allows };
  };
  return [
    count('episodes', 'Training episodes; the run is finished after them.'),
    count('batch', 'Episodes an iteration, whose gradients are averaged.'),
    {
      ...text(
        'seeds',
        'Seeds',
        describeNumbers([base.seed]),
        'The same seed gives the same run on the same backend; several seeds make several runs.',
        `whole numbers, such as 3, 1..5 or 1,4,7; at most ${mostSeeds} of them`,
        (given) => readSeeds(given) !== undefined,
      ),
      group: 'run',
    },
    ...(data === 'generated' ? [] : [choice('dataset', 'Data set', base.dataset ?? '', datasetMeanings[data])]),
    choice('backend', 'Backend', base.backend, 'What computes; auto takes the fastest that works.'),
    choice('device', 'Device', base.device ?? '', 'Where the backend has several.'),
    choice('precision', 'Precision', base.precision, 'Mixed multiplies in bfloat16 and sums in float32, where the hardware can.'),
    text('name', 'Name', about.name, 'What the run is called in lists.', 'at most 200 characters', (given) => given.length <= 200),
    text('group', 'Group', about.group, 'Runs that belong together.', 'at most 200 characters', (given) => given.length <= 200),
    text(
      'tags',
      'Tags',
      about.tags.join(', '),
      'Words to find it by, with commas between them.',
      'at most 50 tags of 60 characters',
      (given) => {
        const tags = readTags(given);
        return tags.length <= 50 && tags.every(({ length }) => length <= 60);
      },
    ),
  ];
}

const nothing = { unit: '', rule: '', allows: () => true } as const;
