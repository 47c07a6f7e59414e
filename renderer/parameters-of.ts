/** The hyper-parameters of a run of one variant: the experiment's, and those that this variant alone has. */
import type { ExperimentDescription, ParameterDescription } from '../core/contract/api/experiments.ts';
import type { RunSpec } from '../core/contract/run-spec.ts';

export function parametersOf(experiment: ExperimentDescription, variant: string): readonly ParameterDescription[] {
  return [...experiment.parameters, ...ownOf(experiment, variant)];
}

/** `preset` with the defaults of what this variant alone has: where nobody says otherwise, a run of it is as this. */
export function presetOf(experiment: ExperimentDescription, variant: string, preset = experiment.preset): RunSpec {
  const own = ownOf(experiment, variant).map((parameter) => [parameter.name, parameter.default] as const);
  return { ...preset, parameters: { ...Object.fromEntries(own), ...preset.parameters } };
}

function ownOf({ variants }: ExperimentDescription, variant: string): readonly ParameterDescription[] {
  return variants.find(({ name }) => name === variant)?.parameters ?? [];
}
