/** The hyper-parameters of a run of one variant: the experiment's, and those that this variant alone has. */
import type { ExperimentDescription, ParameterDescription } from '../core/contract/api/experiments.ts';

export function parametersOf({ parameters, variants }: ExperimentDescription, variant: string): readonly ParameterDescription[] {
  return [...parameters, ...(variants.find(({ name }) => name === variant)?.parameters ?? [])];
}

/** What they are where nobody says otherwise. */
export function usualParameters(experiment: ExperimentDescription, variant: string): Readonly<Record<string, number | string>> {
  const own = parametersOf(experiment, variant).map((parameter) => [parameter.name, parameter.default] as const);
  return { ...Object.fromEntries(own), ...experiment.preset.parameters };
}
