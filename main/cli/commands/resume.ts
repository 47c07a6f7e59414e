/** `resume RUN`: an unfinished run goes on, or a finished one with more episodes. */
import { InputError } from '../../../core/contract/errors.ts';
import { runLimits } from '../../../core/contract/run-spec.ts';
import { findRun } from '../../run-folder/find-run.ts';
import { readHistory } from '../../run-folder/journal-history.ts';
import { readJournal } from '../../run-folder/journal-reader.ts';
import { requireUnlocked } from '../../run-folder/run-lock.ts';
import { readSpecFile } from '../../run-folder/spec-file.ts';
import { dataFolder, type SetupCommand } from '../context.ts';
import { readCountOption } from '../options.ts';
import { trainAndFollow } from '../train-and-follow.ts';

export const setupResume: SetupCommand = (program, context) => {
  program
    .command('resume')
    .description('continue a run exactly where its last checkpoint left it')
    .argument('<run>', "a run's id, the beginning of it, its folder, or: last")
    .option('--episodes <N>', 'train up to this many episodes; may extend a finished run')
    .action(async (run: string, options: { readonly episodes?: string }) => {
      const episodes = readCountOption('--episodes', options.episodes, 1, runLimits.episodes);
      const paths = findRun(dataFolder(context), run);
      requireUnlocked(paths.lock);
      const spec = await readSpecFile(paths);
      const { records, position } = readJournal(paths.journal);
      const { end } = readHistory(records);
      if (episodes !== undefined && episodes < spec.episodes) {
        throw new InputError(
          'episodes-fewer',
          `run ${paths.id} is to have ${spec.episodes} episodes; --episodes can raise that, not lower it to ${episodes}`,
        );
      }
      if (end?.status === 'finished' && (episodes ?? spec.episodes) === spec.episodes) {
        throw new InputError('run-finished', `run ${paths.id} has finished its ${spec.episodes} episodes; name more with --episodes`);
      }
      await trainAndFollow(
        context,
        paths,
        { ...spec, episodes: episodes ?? spec.episodes },
        { ...(episodes === undefined ? {} : { episodes }), from: position },
      );
    });
};
