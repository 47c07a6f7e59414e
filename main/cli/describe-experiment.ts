/** An experiment on one page: every parameter, every preset's values and what is expected, each with where it comes from. */
import { sayOrigin } from '../../core/contract/origin.ts';
import type { Experiment, Preset } from '../../core/experiments/experiment.ts';
import { originsOf } from '../../core/experiments/origins.ts';
import { describeRule, type Parameters } from '../../core/experiments/parameter.ts';
import { batchOf, formatValue, sayClasses, type Reference } from '../../core/experiments/reference.ts';
import { formatCount, formatTable } from './format.ts';

export function describeExperiment(experiment: Experiment): string[] {
  const {
    name,
    title,
    summary,
    source,
    variants,
    rules = [],
    score,
    episodes,
    batch,
    presets,
    parameters,
    references,
    deviations,
  } = experiment;
  const sections = [
    [summary, `${source}; ${formatCount(episodes)} episodes, batch ${batch}`],
    [
      ...formatTable(variants.map((variant) => [variant.name, variant.meaning])),
      `Runs are judged by ${score.label}, ${score.better} is better: ${score.meaning}`,
    ],
    titled(
      'Presets besides the defaults (--preset):',
      presets.flatMap((preset) => describePreset(experiment, preset)),
    ),
    titled(
      'Expected:',
      references.flatMap((reference) => describeReference(experiment, reference)),
    ),
    formatTable([['parameter', 'default', 'rule', 'meaning', 'source'], ...describeParameters(parameters)]),
    ...variants.map((variant) => titled(`Of ${variant.name} alone:`, formatTable(describeParameters(variant.parameters ?? {})))),
    ...rules.map((rule) => titled(`Of rule=${rule.name} alone:`, formatTable(describeParameters(rule.parameters)))),
    titled(
      'Differences from the paper:',
      deviations.map((deviation) => `- ${deviation}`),
    ),
  ];
  const shown = sections.filter((lines) => lines.length > 0);
  return [`${name}: ${title}`, ...shown.flatMap((lines, at) => [...(at === 0 ? [] : ['']), ...lines.map(indent)])];
}

const indent = (line: string) => `  ${line}`;

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function describePreset(experiment: Experiment, preset: Preset): string[] {
  const { name, title, source, variant, episodes, batch = experiment.batch, parameters } = preset;
  const values = Object.entries(originsOf(experiment, preset)).map(([key, origin]) => [key, `${parameters[key]}`, sayOrigin(origin)]);
  return [
    `${name}: ${title}; ${variant}, ${formatCount(episodes)} episodes, batch ${batch} (${source})`,
    ...formatTable(values).map(indent),
  ];
}

/** For which runs it holds, then a line for each point of its band. */
function describeReference(experiment: Experiment, reference: Reference): string[] {
  const { preset, variant, metric, points, source, datasets, classes } = reference;
  const show = (value: number) => formatValue(experiment, metric, value);
  const bands = points.map(({ episodes, low, high }) => [`after ${formatCount(episodes)} episodes`, `${show(low)} to ${show(high)}`]);
  const runs = [
    variant,
    ...(preset === undefined ? [] : [`preset ${preset}`]),
    `batch ${batchOf(experiment, reference)}`,
    ...(datasets === undefined ? [] : [datasets.join(' or ')]),
    ...(classes === undefined ? [] : [sayClasses(classes)]),
  ];
  const label = metric === 'loss' ? 'loss' : experiment.score.label;
  return [`${label} (${runs.join(', ')}): ${source}`, ...formatTable(bands).map(indent)];
}

function describeParameters(parameters: Parameters): string[][] {
  return Object.entries(parameters).map(([key, parameter]) => {
    const unit = parameter.kind === 'number' ? parameter.unit : '';
    return [key, `${parameter.default} ${unit}`.trim(), describeRule(parameter), parameter.meaning, sayOrigin(parameter)];
  });
}
