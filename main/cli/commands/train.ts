/** `train EXPERIMENT`: a new run, or one a seed. */
import { InputError } from '../../../core/contract/errors.ts';
import type { Extension } from '../../../core/contract/extension.ts';
import { runLimits, type RunSpec } from '../../../core/contract/run-spec.ts';
import type { SetupCommand } from '../context.ts';
import { findExtensions } from '../find-extensions.ts';
import { addAboutOptions, readAbout, type AboutOptions } from '../about-options.ts';
import { addSpecOptions, detachOption, presetOption, readNumberList, readSpec, type PresetOption, type SpecOptions } from '../options.ts';
import { showNewRuns } from '../train-and-follow.ts';

interface TrainOptions extends SpecOptions, PresetOption, AboutOptions {
  readonly seeds?: string;
  readonly detach?: boolean;
}

const mostSeeds = 1000;

export const setupTrain: SetupCommand = (program, context) => {
  const command = program.command('train').description('train a new network').argument('<experiment>', 'for example: images');
  addAboutOptions(addSpecOptions(command.option(...presetOption)))
    .option('--seeds <LIST>', 'one run a seed, for example 1..5 or 1,4,7')
    .option(...detachOption)
    .addHelpText('after', '\nCtrl-C lets the run save a checkpoint and stop; a second one ends it at once, without saving.')
    .action(async (experiment: string, options: TrainOptions) => {
      const extensions = await findExtensions(context, experiment, options);
      const request = { specs: readSpecs(experiment, options, extensions), ...readAbout(options) };
      const { api } = await context.connect();
      const runs = await api.runs.create(request);
      await showNewRuns(context, runs, options.detach === true);
    });
};

function readSpecs(experiment: string, options: TrainOptions, extensions: readonly Extension[]): RunSpec[] {
  const spec = readSpec(experiment, options, extensions);
  if (options.seeds === undefined) return [spec];
  if (options.seed !== undefined) throw new InputError('options-exclusive', '--seed and --seeds exclude each other');
  const seeds = readNumberList('--seeds', options.seeds, runLimits.seed, mostSeeds);
  return seeds.map((seed) => ({ ...spec, seed }));
}
