/** `evaluate RUN`: the loss on held-out episodes. */
import { findExperiment } from '../../../core/experiments/index.ts';
import { findRun } from '../../run-folder/find-run.ts';
import { readSpecFile } from '../../run-folder/spec-file.ts';
import { askTrainer } from '../../trainer/start-trainer.ts';
import { dataFolder, type SetupCommand } from '../context.ts';
import { formatCount, formatNumber } from '../format.ts';
import { readCountOption } from '../options.ts';

const maximumEpisodes = 1_000_000;

export const setupEvaluate: SetupCommand = (program, context) => {
  program
    .command('evaluate')
    .description("the loss of a run's newest checkpoint on held-out episodes")
    .argument('<run>', "a run's id, the beginning of it, its folder, or: last")
    .option('--episodes <N>', "held-out episodes (default: the run's evaluationEpisodes)")
    .action(async (run: string, options: { readonly episodes?: string }) => {
      const { output, trainerEntry } = context;
      const wanted = readCountOption('--episodes', options.episodes, 1, maximumEpisodes);
      const paths = findRun(dataFolder(context), run);
      const { precision, experiment, variant } = await readSpecFile(paths);
      const answer = await askTrainer(
        { job: 'evaluate', folder: paths.folder, ...(wanted === undefined ? {} : { episodes: wanted }) },
        { entry: trainerEntry, precision, batch: 1 },
      );
      for (const warning of answer.warnings) output.remark(warning);
      const { episodes, loss, relativeError } = answer.evaluation!;
      output.event({ event: 'evaluation', run: paths.id, iteration: answer.iteration, episodes, loss, relativeError });
      output.line(`run ${paths.id}: ${findExperiment(experiment).title}, ${variant}, iteration ${formatCount(answer.iteration)}`);
      output.line(`${formatCount(episodes)} held-out episodes: loss ${formatNumber(loss)}, relative error ${formatNumber(relativeError)}`);
    });
};
