/** All experiments by name: those that come with Engram, and the tasks of the user's. */
import { InputError } from '../contract/errors.ts';
import type { Extension } from '../contract/extension.ts';
import { suggestName } from '../contract/nearest-name.ts';
import type { ParameterValue, RunSpec } from '../contract/run-spec.ts';
import type { Experiment } from './experiment.ts';
import { binary } from './binary.ts';
import { cueReward } from './cue-reward.ts';
import { createTaskExperiment, extendExperiment } from './extended.ts';
import { images } from './images.ts';
import { maze } from './maze.ts';
import { omniglot } from './omniglot.ts';

export const experiments: readonly Experiment[] = [images, binary, omniglot, maze, cueReward];

/** All of them, with what `extensions` add: tasks as experiments of their own, networks as variants, rules as choices. */
export function listExperiments(extensions: readonly Extension[]): Experiment[] {
  const tasks = extensions.filter((extension) => extension.kind === 'task').map(createTaskExperiment);
  return [...experiments, ...tasks].map((experiment) => extendExperiment(experiment, extensions));
}

/** @throws InputError `unknown-experiment` with the nearest real name. */
export function findExperiment(name: string, extensions: readonly Extension[] = []): Experiment {
  const known = listExperiments(extensions);
  const found = known.find((experiment) => experiment.name === name);
  if (found !== undefined) return found;
  const names = known.map((experiment) => experiment.name);
  throw new InputError('unknown-experiment', `there is no experiment "${name}": ${suggestName(name, names)}`);
}

/** What a run is of, as its variant has it; its spec says all that is needed, also where an extension has changed or gone since. */
export function experimentOf({
  experiment,
  variant,
  extensions = [],
}: Pick<RunSpec, 'experiment' | 'extensions'> & Partial<Pick<RunSpec, 'variant'>>): Experiment {
  return withVariant(findExperiment(experiment, extensions), variant);
}

/**
 * `experiment` with the parameters that only this variant has.
 * @throws InputError `parameter-taken` where both have one of the same name.
 */
export function withVariant(experiment: Experiment, variant: string | undefined): Experiment {
  const own = experiment.variants.find(({ name }) => name === variant)?.parameters;
  if (own === undefined) return experiment;
  const taken = Object.keys(own).find((name) => Object.hasOwn(experiment.parameters, name));
  if (taken !== undefined) {
    const both = `the variant ${variant!} and the experiment ${experiment.name}`;
    throw new InputError('parameter-taken', `${both} both have a parameter "${taken}": give one of them another name`);
  }
  return { ...experiment, parameters: { ...experiment.parameters, ...own } };
}

/** Those of `values` that `experiment` has a parameter for. */
export function pickParameters<Value>({ parameters }: Experiment, values: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(parameters, name)));
}

/** What a run of `variant` takes over of another run's parameters, with extensions as they are now: what a variant alone has goes with it. */
export function inheritParameters(
  { experiment, variant: before, parameters }: RunSpec,
  variant: string,
  extensions: readonly Extension[],
): Record<string, ParameterValue> {
  const shared = findExperiment(experiment, extensions);
  return pickParameters(variant === before ? withVariant(shared, variant) : shared, parameters);
}
