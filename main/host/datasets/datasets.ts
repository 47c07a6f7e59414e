/** The lab's data sets: those that come with Engram, and those that people added. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import type { Dataset, Job } from '../../../core/contract/api/lab.ts';
import { z } from 'zod';
import { datasetDescriptionSchema } from '../../../core/contract/dataset-description.ts';
import { InputError } from '../../../core/contract/errors.ts';
import { makeFolders } from '../../run-folder/make-folders.ts';
import type { JobContext, JobRunner } from '../jobs/job-runner.ts';
import { runTask } from '../jobs/task-process.ts';
import { measureFolder } from '../queue/folder-size.ts';
import { deleteDataset, insertDataset, listDatasets, readDataset } from '../store/datasets.ts';
import type { Stores } from '../store/open-stores.ts';
import { runsWithStatus } from '../store/runs.ts';
import { createBuiltIns } from './built-ins.ts';

export interface DatasetsOptions {
  readonly dataFolder: string;
  readonly jobs: JobRunner;
  readonly stores: () => Stores;
}

export interface Datasets {
  /** The first time, what comes with Engram is looked through. */
  list(): Promise<Dataset[]>;
  /** @throws InputError `unknown-dataset`. */
  get(idOrName: string): Promise<Dataset>;
  /** The job's result is the data set's id. @throws InputError `path-relative`, `dataset-name-taken`. */
  add(request: NewDatasetRequest): Job;
  /** A copy is deleted, what lies elsewhere is not. @throws InputError `unknown-dataset`, `dataset-built-in`, `dataset-in-use`. */
  remove(idOrName: string): Promise<{ freedBytes: number }>;
}

export interface NewDatasetRequest {
  readonly path: string;
  readonly name?: string;
  readonly place: 'copy' | 'in-place';
}

const importedSchema = z.strictObject({ description: datasetDescriptionSchema, thumbnails: z.string() });

export function createDatasets({ dataFolder, jobs, stores }: DatasetsOptions): Datasets {
  const folder = join(dataFolder, 'datasets');
  const lab = () => stores().lab;
  const take = async (id: string, source: string, mode: 'copy' | 'in-place', context: JobContext) => {
    makeFolders(folder);
    const to = join(folder, id);
    return { to, ...(await runTask('import-dataset', { source, mode, to }, importedSchema, context)) };
  };
  const builtIns = createBuiltIns({ folder, lab, take });
  const get = async (idOrName: string) => {
    await builtIns.ensure();
    return readDataset(lab(), idOrName);
  };

  return {
    list: async () => {
      await builtIns.ensure();
      return listDatasets(lab());
    },
    get,
    add: ({ path, name, place }) => {
      if (!isAbsolute(path)) throw new InputError('path-relative', `"${path}" is not an absolute path`);
      if (name !== undefined) requireFreeName(listDatasets(lab()), name);
      return jobs.start('import-dataset', `import of ${basename(path)}`, async (context) => {
        const id = randomBytes(4).toString('hex');
        const { to, description, thumbnails } = await take(id, path, place, context);
        try {
          const chosen = name ?? findFreeName(listDatasets(lab()), description.name);
          insertDataset(lab(), { id, name: chosen, place, description, thumbnails, addedAtMs: Date.now() });
        } catch (error) {
          rmSync(to, { recursive: true, force: true });
          throw error;
        }
        return [id];
      });
    },
    remove: async (idOrName) => {
      const dataset = await get(idOrName);
      requireRemovable(dataset, stores());
      const own = join(folder, dataset.id);
      const freedBytes = measureFolder(own);
      deleteDataset(lab(), dataset.id);
      rmSync(own, { recursive: true, force: true });
      return { freedBytes };
    },
  };
}

function requireFreeName(datasets: readonly Dataset[], name: string): void {
  const isTaken = datasets.some((dataset) => dataset.name === name);
  if (isTaken) throw new InputError('dataset-name-taken', `there is a data set called "${name}" already; choose another name`);
}

/** `CIFAR-10`, `CIFAR-10 2`, … */
function findFreeName(datasets: readonly Dataset[], name: string): string {
  const taken = new Set(datasets.map((dataset) => dataset.name));
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name} ${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function requireRemovable({ name, place, description }: Dataset, { lab }: Stores): void {
  if (place === 'built-in') throw new InputError('dataset-built-in', `data set "${name}" comes with Engram; it cannot be removed`);
  const users = runsWithStatus(lab, ['queued', 'running', 'paused']).filter(({ spec }) => spec.dataset === description.path);
  if (users.length === 0) return;
  const ids = users.slice(0, 3).map(({ id }) => id);
  throw new InputError(
    'dataset-in-use',
    `data set "${name}" is used by ${users.length} runs that are queued, running or paused: ${ids.join(', ')}${users.length > 3 ? ' …' : ''}`,
  );
}
