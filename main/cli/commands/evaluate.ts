/** `evaluate RUN`: the loss on held-out episodes. */
import { scoreInterval } from '../../../core/contract/score-interval.ts';
import { experimentOf } from '../../../core/experiments/index.ts';
import { readSpecFile } from '../../run-folder/spec-file.ts';
import { askTrainer } from '../../trainer/start-trainer.ts';
import type { SetupCommand } from '../context.ts';
import { describeHeldOut } from '../describe-score.ts';
import { formatCount } from '../format.ts';
import { readCountOption } from '../options.ts';
import { findRunPaths, runArgument } from '../run-argument.ts';

const maximumEpisodes = 1_000_000;

export const setupEvaluate: SetupCommand = (program, context) => {
  program
    .command('evaluate')
    .description("the loss of a run's newest checkpoint on held-out episodes")
    .argument('<run>', runArgument)
    .option('--episodes <N>', "held-out episodes (default: the run's evaluationEpisodes)")
    .action(async (run: string, options: { readonly episodes?: string }) => {
      const { output, program: hostProgram } = context;
      const wanted = readCountOption('--episodes', options.episodes, 1, maximumEpisodes);
      const paths = await findRunPaths(context, run);
      const spec = await readSpecFile(paths);
      const { precision, variant } = spec;
      const answer = await askTrainer(
        { job: 'evaluate', folder: paths.folder, ...(wanted === undefined ? {} : { episodes: wanted }) },
        { entry: hostProgram.trainerEntry, precision, batch: 1 },
      );
      for (const warning of answer.warnings) output.remark(warning);
      const { episodes, loss, score } = answer.evaluation!;
      const { title, score: about } = experimentOf(spec);
      const heldOut = { loss, score, heldOutEpisodes: episodes };
      const interval = scoreInterval(about, heldOut);
      output.event({
        event: 'evaluation',
        run: paths.id,
        iteration: answer.iteration,
        episodes,
        loss,
        [about.name]: score,
        ...(interval === undefined ? {} : { interval }),
      });
      output.line(`run ${paths.id}: ${title}, ${variant}, iteration ${formatCount(answer.iteration)}`);
      output.line(`${formatCount(episodes)} held-out episodes: ${describeHeldOut(spec, heldOut)}`);
    });
};
