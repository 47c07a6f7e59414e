/** `explain EXPERIMENT`: what an episode computes, and how. */
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import type { Explanation } from '../../../core/training/explain.ts';
import { askExtension } from '../../extensions/ask-extension.ts';
import { extensionsFolder } from '../../extensions/extension-files.ts';
import { dataFolder, type SetupCommand } from '../context.ts';
import { findExtensions } from '../find-extensions.ts';
import { addSpecOptions, presetOption, readSpec, type PresetOption, type SpecOptions } from '../options.ts';

export const setupExplain: SetupCommand = (program, context) => {
  const { output } = context;
  const command = program
    .command('explain')
    .description("an episode's protocol, plan and cost")
    .argument('<experiment>', 'for example: images');
  addSpecOptions(command.option(...presetOption)).action(async (experiment: string, options: SpecOptions & PresetOption) => {
    const spec = readSpec(experiment, options, await findExtensions(context, experiment, options));
    const { lines, json } = await explain(spec, dataFolder(context));
    if (output.json) output.value(json);
    else for (const line of lines) output.line(line);
  });
};

/** The user's code runs in a process of its own. */
async function explain(spec: RunSpec, data: string): Promise<Explanation> {
  if (spec.extensions === undefined) {
    const { explainExperiment } = await import('../../../core/training/explain.ts');
    return explainExperiment(spec);
  }
  const answer = await askExtension({ job: 'explain', folder: extensionsFolder(data), spec });
  return ('result' in answer ? answer.result : undefined) as Explanation;
}
