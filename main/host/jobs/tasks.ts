/** The tasks themselves; only `task-entry.ts` loads this. */
import { join } from 'node:path';
import { InputError } from '../../../core/contract/errors.ts';
import { exportRunArchive } from '../../archive/export-run.ts';
import { importRunArchive } from '../../archive/import-run.ts';
import type { ArchiveProgress } from '../../archive/progress.ts';
import { writeArrayFile } from '../../archive/array-files.ts';
import { checkDataset } from '../../datasets/check-dataset.ts';
import { drawSamples } from '../../datasets/draw-samples.ts';
import { importDataset, thumbnailsName } from '../../datasets/import-dataset.ts';
import type { ImportProgress } from '../../datasets/import-progress.ts';
import { findNewestCheckpoint } from '../../run-folder/checkpoints.ts';
import { runPaths } from '../../run-folder/run-paths.ts';
import type { JobContext } from './job-runner.ts';
import type { TaskInputs, TaskName } from './task-messages.ts';

type Tasks = { readonly [Name in TaskName]: (input: TaskInputs[Name], context: JobContext) => Promise<unknown> };

export const tasks: Tasks = {
  'import-dataset': async (input, { signal, report }) => {
    const onProgress = ({ phase, done, total }: ImportProgress) => report(phase, done, total);
    const description = await importDataset({ ...input, signal, onProgress });
    return { description, thumbnails: join(input.to, thumbnailsName) };
  },

  'draw-samples': (input, { signal }) => drawSamples({ ...input, signal }),

  'check-dataset': async ({ description }, { signal }) => {
    const check = await checkDataset(description, signal);
    if (check === 'unchanged') return null;
    return 'changed' in check ? check.changed : check.missing;
  },

  'export-arrays': async ({ runs, format }, { signal, report }) => {
    for (const [done, { folder, to }] of runs.entries()) {
      report('writing', done, runs.length);
      await writeArrayFile({ arrays: await readParameters(folder), format, to, signal });
    }
    return runs.map(({ to }) => to);
  },

  'export-archives': async ({ runs, version }, context) => {
    for (const { folder, to, about } of runs) {
      await exportRunArchive({ paths: runPaths(folder), about, engramVersion: version, to, ...follow(context) });
    }
    return runs.map(({ to }) => to);
  },

  'import-run': async ({ known, ...input }, context) => {
    const ids = new Set(known);
    return (await importRunArchive({ ...input, exists: (id) => ids.has(id), ...follow(context) })).id;
  },
};

function follow({ signal, report }: JobContext) {
  return {
    signal,
    onProgress: ({ phase, doneBytes, totalBytes }: ArchiveProgress) => report(phase, doneBytes, totalBytes),
  };
}

/** What a run has learned, without the optimiser's moments, whose names have several parts (`w.firstMoment`). */
async function readParameters(folder: string) {
  const { id, checkpoints } = runPaths(folder);
  const { checkpoint } = await findNewestCheckpoint(checkpoints);
  if (checkpoint === undefined) throw new InputError('no-checkpoint', `run ${id} has no good checkpoint yet`);
  return Object.fromEntries(Object.entries(checkpoint.saved.arrays).filter(([name]) => /^\w+$/.test(name)));
}
