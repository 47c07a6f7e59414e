/** `export RUN --to FOLDER`: the network's parameters as files for other programs. */
import { runLimits } from '../../../core/contract/run-spec.ts';
import { findRun } from '../../run-folder/find-run.ts';
import { readSpecFile } from '../../run-folder/spec-file.ts';
import { askTrainer } from '../../trainer/start-trainer.ts';
import { dataFolder, type SetupCommand } from '../context.ts';
import { formatCount } from '../format.ts';
import { readCountOption, resolveUserPath } from '../options.ts';

export const setupExport: SetupCommand = (program, context) => {
  program
    .command('export')
    .description("write a run's parameters as safetensors files")
    .argument('<run>', "a run's id, the beginning of it, its folder, or: last")
    .requiredOption('--to <FOLDER>', 'where the files go')
    .option('--episode <SEED>', 'also every array of the held-out episode with this seed')
    .action(async (run: string, options: { readonly to: string; readonly episode?: string }) => {
      const { output, trainerEntry } = context;
      const episode = readCountOption('--episode', options.episode, 0, runLimits.seed);
      const paths = findRun(dataFolder(context), run);
      const { precision } = await readSpecFile(paths);
      const folder = resolveUserPath(options.to);
      const {
        iteration,
        files = [],
        warnings,
      } = await askTrainer(
        { job: 'export', folder: paths.folder, to: folder, ...(episode === undefined ? {} : { episode }) },
        { entry: trainerEntry, precision, batch: 1 },
      );
      for (const warning of warnings) output.remark(warning);
      output.event({ event: 'export', run: paths.id, iteration, folder, files });
      output.line(`run ${paths.id}, iteration ${formatCount(iteration)}:`);
      for (const file of files) output.line(file);
    });
};
