/** `experiments [EXPERIMENT]`: what can be trained, with every value and where it comes from. */
import type { Experiment } from '../../../core/experiments/experiment.ts';
import { findExperiment, listExperiments } from '../../../core/experiments/index.ts';
import { originsOf } from '../../../core/experiments/origins.ts';
import { chooseExtensions } from '../../extensions/list-extensions.ts';
import type { SetupCommand } from '../context.ts';
import { describeExperiment } from '../describe-experiment.ts';
import { readExtensionFiles } from '../find-extensions.ts';

export const setupExperiments: SetupCommand = (program, context) => {
  const { output } = context;
  program
    .command('experiments')
    .description('list the experiments: their parameters, presets and what is expected')
    .argument('[experiment]', 'only this one')
    .action(async (name: string | undefined) => {
      const files = await readExtensionFiles(context);
      const extensions = chooseExtensions(files, []);
      const experiments = name === undefined ? listExperiments(extensions) : [findExperiment(name, extensions)];
      for (const { problem } of files) if (problem !== null) output.remark(problem);
      if (output.json) output.value(experiments.map(toJson));
      else for (const experiment of experiments) for (const line of describeExperiment(experiment)) output.line(line);
    });
};

function toJson(experiment: Experiment) {
  const { name, title, variants, rules = [], episodes, batch, presets, score, data, parameters, references, deviations } = experiment;
  return {
    name,
    title,
    variants: variants.map((variant) => variant.name),
    variantParameters: Object.fromEntries(
      variants.flatMap((variant) => (variant.parameters === undefined ? [] : [[variant.name, variant.parameters]])),
    ),
    ruleParameters: Object.fromEntries(rules.map((rule) => [rule.name, rule.parameters])),
    episodes,
    batch,
    presets: presets.map((preset) => ({ ...preset, origins: originsOf(experiment, preset) })),
    score,
    data,
    parameters,
    references,
    deviations,
  };
}
