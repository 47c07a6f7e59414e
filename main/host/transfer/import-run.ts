/** Takes in a run from an archive. */
import { basename, isAbsolute } from 'node:path';
import { z } from 'zod';
import type { Job } from '../../../core/contract/api/lab.ts';
import { InputError } from '../../../core/contract/errors.ts';
import { removeStaleImports } from '../../archive/importing-folder.ts';
import { runsFolder } from '../../run-folder/data-folder.ts';
import { rebuildLab } from '../follow/rebuild.ts';
import type { JobContext } from '../jobs/job-runner.ts';
import { runTask } from '../jobs/task-process.ts';
import type { Lab } from '../lab.ts';
import { createSlots } from '../queue/slots.ts';
import { readAllRuns } from '../store/runs.ts';

/** The job's result is the run's id. @throws InputError `path-relative`. */
export function startImport(lab: Lab, path: string): Job {
  if (!isAbsolute(path)) throw new InputError('path-relative', `"${path}" is not an absolute path`);
  return lab.jobs.start('import-run', `import of ${basename(path)}`, (context) => work(lab, path, context));
}

async function work(lab: Lab, from: string, context: JobContext): Promise<readonly string[]> {
  const runs = runsFolder(lab.dataFolder);
  const known = readAllRuns(lab.stores.lab).map(({ id }) => id);
  const id = await runTask('import-run', { from, runsFolder: runs, known }, z.string(), context).catch(async (error: unknown) => {
    // A process that was killed could not clear up after itself.
    await removeStaleImports(runs);
    throw error;
  });
  // From here on it is a run folder like the others: were this host to end now, the next one would take it in.
  context.report('reading the journal', 0, 1);
  await rebuildLab(lab.stores, runs, { slotOf: createSlots().slotOf, ids: [id] });
  lab.changes.changed(id);
  return [id];
}
