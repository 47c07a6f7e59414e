/** `explain EXPERIMENT`: what an episode computes, and how. */
import type { SetupCommand } from '../context.ts';
import { addSpecOptions, presetOption, readSpec, type PresetOption, type SpecOptions } from '../options.ts';

export const setupExplain: SetupCommand = (program, { output }) => {
  const command = program
    .command('explain')
    .description("an episode's protocol, plan and cost")
    .argument('<experiment>', 'for example: images');
  addSpecOptions(command.option(...presetOption)).action(async (experiment: string, options: SpecOptions & PresetOption) => {
    const spec = readSpec(experiment, options);
    const { explainExperiment } = await import('../../../core/training/explain.ts');
    const { lines, json } = explainExperiment(spec);
    if (output.json) output.value(json);
    else for (const line of lines) output.line(line);
  });
};
