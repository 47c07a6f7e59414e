/** The hyper-parameters of a run: the experiment's, and those that its variant alone has, or its rule. */
import type { ExperimentDescription, NamedPreset, ParameterDescription } from '../core/contract/api/experiments.ts';
import type { RunSpec } from '../core/contract/run-spec.ts';

type Chosen = Pick<RunSpec, 'variant' | 'parameters'>;

export function parametersOf(experiment: ExperimentDescription, chosen: Chosen): readonly ParameterDescription[] {
  return [...experiment.parameters, ...ownOf(experiment, chosen)];
}

/** `preset` with the defaults of what this variant or this rule alone has: where nobody says otherwise, a run with it is as this. */
export function presetOf(experiment: ExperimentDescription, chosen: Chosen, preset = experiment.preset): RunSpec {
  const own = ownOf(experiment, chosen).map((parameter) => [parameter.name, parameter.default] as const);
  return { ...preset, parameters: { ...Object.fromEntries(own), ...preset.parameters } };
}

/** The preset from which a run differs least in what decides what it learns; undefined for the experiment's defaults, which come before others. */
export function nearestPreset(
  { parameters: described, preset, presets }: ExperimentDescription,
  { variant, parameters }: Chosen,
): NamedPreset | undefined {
  const deciding = described.filter(({ group }) => group !== 'run');
  const distance = (values: RunSpec['parameters']) => deciding.filter(({ name }) => values[name] !== parameters[name]).length;
  let [nearest, least]: [NamedPreset | undefined, number] = [undefined, distance(preset.parameters)];
  // Of those that are equally near, the one of this variant.
  for (const named of presets) {
    const here = distance(named.spec.parameters);
    const isOfVariant = nearest !== undefined && nearest.spec.variant !== variant && named.spec.variant === variant;
    if (here < least || (here === least && isOfVariant)) [nearest, least] = [named, here];
  }
  return nearest;
}

function ownOf({ variants, rules }: ExperimentDescription, { variant, parameters }: Chosen): readonly ParameterDescription[] {
  const chosen = [variants.find(({ name }) => name === variant), rules.find(({ name }) => name === parameters['rule'])];
  return chosen.flatMap((owner) => owner?.parameters ?? []);
}
