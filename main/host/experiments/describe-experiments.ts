/** The experiments as data for front ends: every hyper-parameter with its meaning, source and rule. */
import type { ExperimentDescription, NamedPreset, ParameterDescription, ScoreDescription } from '../../../core/contract/api/experiments.ts';
import { createRunSpec } from '../../../core/experiments/create-run-spec.ts';
import type { Experiment, Preset, Score } from '../../../core/experiments/experiment.ts';
import type { Extension } from '../../../core/contract/extension.ts';
import { listExperiments } from '../../../core/experiments/index.ts';
import { originsOf } from '../../../core/experiments/origins.ts';
import { describeRule, type Parameter, type Parameters } from '../../../core/experiments/parameter.ts';

/** @param gone tasks that runs of the lab are of, and nothing more can be trained on. */
export function describeExperiments(extensions: readonly Extension[], gone: readonly Extension[] = []): ExperimentDescription[] {
  const past = describeAll([...extensions, ...gone]).filter(({ name }) => gone.some((task) => task.name === name));
  return [...describeAll(extensions), ...past.map((description) => ({ ...description, gone: true as const }))];
}

function describeAll(extensions: readonly Extension[]): ExperimentDescription[] {
  return listExperiments(extensions).map((experiment) => {
    const {
      name,
      title,
      summary,
      source,
      variants,
      rules = [],
      score,
      data,
      parameters,
      episodes,
      batch,
      deviations,
      presets,
    } = experiment;
    return {
      name,
      title,
      summary,
      source,
      variants: variants.map((variant) => ({ ...variant, parameters: describeParameters(variant.parameters ?? {}) })),
      rules: rules.map((rule) => ({ ...rule, parameters: describeParameters(rule.parameters) })),
      score: describeScore(score),
      data,
      parameters: describeParameters(parameters),
      episodes,
      batch,
      deviations: [...deviations],
      preset: createRunSpec({ experiment: name }, extensions),
      presets: presets.map((preset) => describePreset(experiment, preset, extensions)),
    };
  });
}

function describeScore({ average: _, ...score }: Score): ScoreDescription {
  return score;
}

function describePreset(experiment: Experiment, preset: Preset, extensions: readonly Extension[]): NamedPreset {
  const { name, title, source } = preset;
  const spec = createRunSpec({ experiment: experiment.name, preset: name }, extensions);
  return { name, title, source, origins: originsOf(experiment, preset), spec };
}

function describeParameters(parameters: Parameters): ParameterDescription[] {
  return Object.entries(parameters).map(([key, parameter]) => describeParameter(key, parameter));
}

function describeParameter(name: string, { before: _, ...parameter }: Parameter): ParameterDescription {
  const rule = describeRule(parameter);
  return parameter.kind === 'choice' ? { name, ...parameter, choices: [...parameter.choices], rule } : { name, ...parameter, rule };
}
