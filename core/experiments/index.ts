/** All experiments by name: those that come with Engram, and the tasks of the user's. */
import { InputError } from '../contract/errors.ts';
import type { Extension } from '../contract/extension.ts';
import { suggestName } from '../contract/nearest-name.ts';
import type { ParameterValue, RunSpec } from '../contract/run-spec.ts';
import type { Experiment } from './experiment.ts';
import type { Parameter } from './parameter.ts';
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

/** What a run is of, as its variant and its rule have it; its spec says all that is needed, also where an extension has changed or gone since. */
export function experimentOf({
  experiment,
  variant,
  parameters,
  extensions = [],
}: Pick<RunSpec, 'experiment' | 'extensions'> & Partial<Pick<RunSpec, 'variant' | 'parameters'>>): Experiment {
  return withOwnParameters(findExperiment(experiment, extensions), { variant, rule: parameters?.['rule'] });
}

/** Of what may have hyper-parameters of its own; undefined: none is meant. */
export interface Chosen {
  readonly variant?: string | undefined;
  readonly rule?: ParameterValue | undefined;
}

/**
 * `experiment` with the parameters that only this variant has, and only this rule.
 * @throws InputError `parameter-taken` where two of them have one of the same name.
 */
export function withOwnParameters(experiment: Experiment, { variant, rule }: Chosen): Experiment {
  const owners = [
    [`the variant ${variant}`, experiment.variants.find(({ name }) => name === variant)?.parameters],
    [`the rule ${rule}`, experiment.rules?.find(({ name }) => name === rule)?.parameters],
  ] as const;
  const parameters: Record<string, Parameter> = { ...experiment.parameters };
  for (const [owner, own = {}] of owners) {
    const taken = Object.keys(own).find((name) => Object.hasOwn(parameters, name));
    if (taken !== undefined) {
      const other = Object.hasOwn(experiment.parameters, taken) ? `the experiment ${experiment.name}` : owners[0][0];
      throw new InputError('parameter-taken', `${owner} and ${other} both have a parameter "${taken}": give one of them another name`);
    }
    Object.assign(parameters, own);
  }
  return { ...experiment, parameters };
}

/** Those of `values` that `experiment` has a parameter for. */
export function pickParameters<Value>({ parameters }: Experiment, values: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(parameters, name)));
}

/** What a run takes over of another run's parameters, with extensions as they are now: what a variant or a rule alone has goes with it. */
export function inheritParameters(
  { experiment, variant: before, parameters }: RunSpec,
  { variant, rule }: Chosen,
  extensions: readonly Extension[],
): Record<string, ParameterValue> {
  const kept = {
    variant: variant === before ? variant : undefined,
    rule: rule === parameters['rule'] ? rule : undefined,
  };
  return pickParameters(withOwnParameters(findExperiment(experiment, extensions), kept), parameters);
}
