/** `experiments`: what can be trained, with every parameter. */
import { listExperiments } from '../../../core/experiments/index.ts';
import type { Experiment } from '../../../core/experiments/experiment.ts';
import { describeRule, type Parameters } from '../../../core/experiments/parameter.ts';
import { chooseExtensions } from '../../extensions/list-extensions.ts';
import type { SetupCommand } from '../context.ts';
import { readExtensionFiles } from '../find-extensions.ts';
import { formatCount, formatTable } from '../format.ts';

export const setupExperiments: SetupCommand = (program, context) => {
  const { output } = context;
  program
    .command('experiments')
    .description('list the experiments and their parameters')
    .action(async () => {
      const files = await readExtensionFiles(context);
      const experiments = listExperiments(chooseExtensions(files, []));
      for (const { problem } of files) if (problem !== null) output.remark(problem);
      if (output.json) {
        output.value(
          experiments.map(({ name, title, variants, episodes, batch, presets, score, data, parameters, references, deviations }) => ({
            name,
            title,
            variants: variants.map((variant) => variant.name),
            variantParameters: Object.fromEntries(
              variants.flatMap((variant) => (variant.parameters === undefined ? [] : [[variant.name, variant.parameters]])),
            ),
            episodes,
            batch,
            presets,
            score,
            data,
            parameters,
            references,
            deviations,
          })),
        );
        return;
      }
      for (const experiment of experiments) for (const line of describe(experiment)) output.line(line);
    });
};

function describe({
  name,
  title,
  summary,
  source,
  variants,
  presets,
  references,
  score,
  parameters,
  episodes,
  batch,
  deviations,
}: Experiment): string[] {
  const indent = (line: string) => `  ${line}`;
  return [
    `${name}: ${title}`,
    indent(summary),
    indent(`${source}; ${formatCount(episodes)} episodes, batch ${batch}`),
    '',
    ...formatTable(variants.map((variant) => [variant.name, variant.meaning])).map(indent),
    indent(`Runs are judged by ${score.label}, ${score.better} is better: ${score.meaning}`),
    ...(presets.length === 0 ? [] : ['', indent('Presets besides the defaults (--preset):')]),
    ...formatTable(presets.map((preset) => [preset.name, preset.title, `${formatCount(preset.episodes)} episodes`, preset.source])).map(
      indent,
    ),
    ...references.map(({ preset, variant, source }) =>
      indent(`Expected of ${variant}${preset === undefined ? '' : ` (${preset})`}: ${source}`),
    ),
    '',
    ...formatTable([['parameter', 'default', 'rule', 'meaning', 'source'], ...describeParameters(parameters)]).map(indent),
    ...variants.flatMap((variant) => [
      ...(variant.parameters === undefined ? [] : ['', indent(`Of ${variant.name} alone:`)]),
      ...formatTable(describeParameters(variant.parameters ?? {})).map(indent),
    ]),
    ...(deviations.length === 0 ? [] : ['', indent('Differences from the paper:')]),
    ...deviations.map((deviation) => indent(`- ${deviation}`)),
  ];
}

function describeParameters(parameters: Parameters): string[][] {
  return Object.entries(parameters).map(([key, parameter]) => {
    const unit = parameter.kind === 'number' ? parameter.unit : '';
    return [key, `${parameter.default} ${unit}`.trim(), describeRule(parameter), parameter.meaning, parameter.source];
  });
}
