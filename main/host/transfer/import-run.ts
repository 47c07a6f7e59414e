/** Takes in a run from an archive. */
import { rmSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Job } from '../../../core/contract/api/lab.ts';
import { archiveManifestSchema } from '../../../core/contract/archive-manifest.ts';
import { InputError } from '../../../core/contract/errors.ts';
import { writeAbout } from '../../run-folder/about-file.ts';
import { runsFolder } from '../../run-folder/data-folder.ts';
import { rebuildLab } from '../follow/rebuild.ts';
import type { JobContext } from '../jobs/job-runner.ts';
import { runTask } from '../jobs/task-process.ts';
import type { Lab } from '../lab.ts';
import { createSlots } from '../queue/slots.ts';
import { readRun } from '../store/runs.ts';

const importedSchema = z.strictObject(archiveManifestSchema.unwrap().pick({ id: true, about: true }).shape);

/** The job's result is the run's id. @throws InputError `path-relative`. */
export function startImport(lab: Lab, path: string): Job {
  if (!isAbsolute(path)) throw new InputError('path-relative', `"${path}" is not an absolute path`);
  return lab.jobs.start('import-run', `import of ${basename(path)}`, (context) => work(lab, path, context));
}

async function work(lab: Lab, from: string, context: JobContext): Promise<readonly string[]> {
  const runs = runsFolder(lab.dataFolder);
  const { id, about } = await runTask('import-run', { from, runsFolder: runs }, importedSchema, context);
  const folder = join(runs, id);
  if (readRun(lab.stores.lab, id) !== undefined) {
    // The lab knows such a run, though its folder was away.
    rmSync(folder, { recursive: true, force: true });
    throw new InputError('run-exists', `there is a run ${id} in this lab already`);
  }
  writeAbout({ folder }, { ...about, tags: [...about.tags] });
  context.report('reading the journal', 0, 1);
  await rebuildLab(lab.stores, runs, { slotOf: createSlots().slotOf });
  lab.changes.changed(id);
  return [id];
}
