/** From what somebody chose to a complete, checked run spec. */
import { requireDeviceName } from '../contract/device-names.ts';
import { InputError } from '../contract/errors.ts';
import type { Extension } from '../contract/extension.ts';
import { suggestName } from '../contract/nearest-name.ts';
import {
  backendChoices,
  precisionNames,
  runLimits,
  runSpecSchema,
  runSpecVersion,
  type ParameterValue,
  type RunSpec,
} from '../contract/run-spec.ts';
import type { Experiment, Preset } from './experiment.ts';
import { findUsedExtensions } from './extended.ts';
import { experimentOf, findExperiment, withOwnParameters } from './index.ts';
import { completeStored, readParameters } from './read-parameters.ts';

/** Whatever is left out has the experiment's default. */
export interface RunChoices {
  readonly experiment: string;
  /** One of the experiment's presets, in place of its own defaults. */
  readonly preset?: string | undefined;
  readonly variant?: string | undefined;
  readonly episodes?: number | undefined;
  readonly batch?: number | undefined;
  readonly seed?: number | undefined;
  readonly backend?: string | undefined;
  readonly device?: string | undefined;
  readonly precision?: string | undefined;
  /** Absolute path. */
  readonly dataset?: string | undefined;
  readonly settings?: Readonly<Record<string, ParameterValue>>;
}

/**
 * @param extensions what of the user's may be chosen.
 * @throws InputError with the rule and the value, or the nearest real name.
 */
export function createRunSpec(choices: RunChoices, extensions: readonly Extension[] = []): RunSpec {
  const experiment = findExperiment(choices.experiment, extensions);
  const variants = experiment.variants.map(({ name }) => name);
  const preset = choices.preset === undefined ? undefined : findPreset(experiment, choices.preset);
  if (choices.dataset !== undefined) checkDataset(experiment);
  const variant = readName('variant', choices.variant ?? preset?.variant ?? experiment.variants[0].name, variants);
  const values = { ...preset?.parameters, ...choices.settings };
  const spec: RunSpec = {
    version: runSpecVersion,
    experiment: experiment.name,
    variant,
    parameters: readParameters(withOwnParameters(experiment, { variant, rule: values['rule'] }).parameters, values),
    seed: readCount('seed', choices.seed ?? 1, 0, runLimits.seed),
    episodes: readCount('episodes', choices.episodes ?? preset?.episodes ?? experiment.episodes, 1, runLimits.episodes),
    batch: readCount('batch', choices.batch ?? preset?.batch ?? experiment.batch, 1, runLimits.batch),
    backend: readName('backend', choices.backend ?? 'auto', backendChoices),
    ...(choices.device === undefined ? {} : { device: choices.device }),
    precision: readName('precision', choices.precision ?? 'float32', precisionNames),
    ...(choices.dataset === undefined ? {} : { dataset: choices.dataset }),
  };
  return checkTogether(withExtensions(spec, extensions));
}

/** `spec` with what of `extensions` it names, as that is now, in place of what it says of them. */
export function withExtensions({ extensions: _, ...spec }: RunSpec, extensions: readonly Extension[]): RunSpec {
  const used = findUsedExtensions(spec, extensions);
  return used.length === 0 ? spec : { ...spec, extensions: used };
}

/**
 * A run spec from JSON that was parsed, complete with the defaults of parameters that it does not name.
 * @throws InputError `spec-invalid`, or as `createRunSpec`.
 */
export function parseRunSpec(json: unknown): RunSpec {
  return checkTogether(parse(json, (_parameters, values) => values));
}

/**
 * The same of a run that was made before: parameters that came later are as they were then, and what a newer rule would refuse together can still be read.
 * @throws InputError as `parseRunSpec`, but for parameters that contradict each other.
 */
export function parseStoredSpec(json: unknown): RunSpec {
  return parse(json, completeStored);
}

function parse(json: unknown, complete: typeof completeStored): RunSpec {
  const result = runSpecSchema.safeParse(json);
  if (!result.success) {
    const issue = result.error.issues[0];
    const place = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    throw new InputError('spec-invalid', `not a valid run spec: ${place}${issue?.message ?? 'unknown reason'}`);
  }
  const { experiment, variant, ...rest } = result.data;
  const found = experimentOf(result.data);
  const { variants } = found;
  if (rest.dataset !== undefined) checkDataset(found);
  const checked = readName(
    'variant',
    variant,
    variants.map(({ name }) => name),
  );
  return {
    ...rest,
    experiment,
    variant: checked,
    parameters: readParameters(found.parameters, complete(found.parameters, rest.parameters)),
  };
}

/** @throws InputError `out-of-range`. */
export function readCount(name: string, value: number, minimum: number, maximum: number): number {
  if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return value;
  throw new InputError('out-of-range', `${name} must be a whole number from ${minimum} to ${maximum}, not ${value}`);
}

/** @throws InputError where values that are right each by itself contradict each other. */
function checkTogether(spec: RunSpec): RunSpec {
  experimentOf(spec).check?.(spec.parameters);
  requireDeviceName(spec.backend, spec.device);
  return spec;
}

function findPreset({ name: experiment, presets }: Experiment, name: string): Preset {
  const found = presets.find((preset) => preset.name === name);
  if (found !== undefined) return found;
  const names = presets.map((preset) => preset.name);
  const known = names.length === 0 ? 'there are none besides its defaults' : suggestName(name, names);
  throw new InputError('unknown-preset', `the experiment ${experiment} has no preset "${name}": ${known}`);
}

/** @throws InputError `dataset-not-used` for an experiment that draws its episodes from the seed alone. */
function checkDataset({ name, data }: Experiment): void {
  if (data === 'generated')
    throw new InputError('dataset-not-used', `the experiment ${name} draws its episodes itself and takes no data set`);
}

function readName<Name extends string>(kind: string, value: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === value);
  if (found !== undefined) return found;
  throw new InputError(`unknown-${kind}`, `there is no ${kind} "${value}": ${suggestName(value, names)}`);
}
