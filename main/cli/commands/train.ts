/** `train EXPERIMENT`: a new run. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../../core/contract/errors.ts';
import { prepareDataFolder, runsFolder } from '../../run-folder/data-folder.ts';
import { explainDiskError } from '../../run-folder/disk-space.ts';
import { readHistory } from '../../run-folder/journal-history.ts';
import { journalStart } from '../../run-folder/journal-format.ts';
import { readJournal } from '../../run-folder/journal-reader.ts';
import { createRunId } from '../../run-folder/run-id.ts';
import { runPaths, type RunPaths } from '../../run-folder/run-paths.ts';
import { writeSpecFile } from '../../run-folder/spec-file.ts';
import { dataFolder, type SetupCommand } from '../context.ts';
import { addSpecOptions, readSpec, type SpecOptions } from '../options.ts';
import { trainAndFollow } from '../train-and-follow.ts';

export const setupTrain: SetupCommand = (program, context) => {
  const command = program.command('train').description('train a new network').argument('<experiment>', 'for example: images');
  addSpecOptions(command).action(async (experiment: string, options: SpecOptions) => {
    const spec = readSpec(experiment, options);
    const data = dataFolder(context);
    prepareDataFolder(data);
    const paths = runPaths(join(runsFolder(data), createRunId(spec)));
    createFolder(paths);
    try {
      await writeSpecFile(paths, spec);
      await trainAndFollow(context, paths, spec, { from: journalStart });
    } catch (error) {
      if (error instanceof InputError) removeUnbegun(paths);
      throw error;
    }
  });
};

function createFolder({ folder }: RunPaths): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    throw explainDiskError(error, folder);
  }
}

/** A run that never began, because of something that the user can mend in the call, would only be in the way. */
function removeUnbegun({ folder, journal }: RunPaths): void {
  const { start, metrics } = readHistory(readJournal(journal).records);
  if (start === undefined && metrics.length === 0) rmSync(folder, { recursive: true, force: true });
}
