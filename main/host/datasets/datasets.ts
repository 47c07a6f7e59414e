/** The lab's data sets: those that come with Engram, and those that people added. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import type { Dataset, Job } from '../../../core/contract/api/lab.ts';
import type { DatasetSamples } from '../../../core/contract/dataset-samples.ts';
import { z } from 'zod';
import { builtInDatasets, datasetDescriptionSchema, isBuiltInDataset } from '../../../core/contract/dataset-description.ts';
import { InputError } from '../../../core/contract/errors.ts';
import { removeUnfinishedImports, unfinishedSuffix } from '../../datasets/unfinished-imports.ts';
import { makeFolders } from '../../run-folder/make-folders.ts';
import type { HostLog } from '../host-log.ts';
import type { JobContext, JobRunner } from '../jobs/job-runner.ts';
import { runTask } from '../jobs/task-process.ts';
import { measureFolder } from '../queue/folder-size.ts';
import { deleteDataset, insertDataset, listDatasets, readDataset } from '../store/datasets.ts';
import type { Stores } from '../store/open-stores.ts';
import { runsWithStatus } from '../store/runs.ts';
import { createBuiltIns } from './built-ins.ts';
import { createSamples } from './samples.ts';

export interface DatasetsOptions {
  readonly dataFolder: string;
  readonly jobs: JobRunner;
  readonly log: HostLog;
  readonly stores: () => Stores;
}

export interface Datasets {
  /** The first time, what comes with Engram is looked through. */
  list(): Promise<Dataset[]>;
  /** @throws InputError `unknown-dataset`. */
  get(idOrName: string): Promise<Dataset>;
  /** Drawn when somebody first asks. @throws InputError `unknown-dataset`, `dataset-missing`, `dataset-changed`; FailureError `disk-full`. */
  samples(idOrName: string): Promise<DatasetSamples>;
  /** The job's result is the data set's id. @throws InputError `path-relative`, `dataset-name`, `dataset-name-taken`. */
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

export function createDatasets({ dataFolder, jobs, log, stores }: DatasetsOptions): Datasets {
  const folder = join(dataFolder, 'datasets');
  removeUnfinishedImports(folder);
  const lab = () => stores().lab;
  const take = async (id: string, source: string, mode: 'copy' | 'in-place', context: JobContext) => {
    makeFolders(folder);
    const to = join(folder, id);
    try {
      return { to, ...(await runTask('import-dataset', { source, mode, to }, importedSchema, context)) };
    } catch (error) {
      // A process that was killed could not clear up after itself.
      rmSync(`${to}${unfinishedSuffix}`, { recursive: true, force: true });
      throw error;
    }
  };
  const builtIns = createBuiltIns({ folder, lab, log, take });
  const samples = createSamples(folder);
  const get = async (idOrName: string) => {
    // The others are there whether those have been looked through or not.
    if (isBuiltInDataset(idOrName)) await builtIns.ensure();
    return readDataset(lab(), idOrName);
  };

  return {
    list: async () => {
      await builtIns.ensure();
      return listDatasets(lab());
    },
    get,
    samples: async (idOrName) => samples.of(await get(idOrName)),
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
  // What looks like a path is one to whoever trains by it.
  if (/[/\\]/.test(name) || name.trim() !== name || hasControlCharacters(name))
    throw new InputError(
      'dataset-name',
      `${JSON.stringify(name)} cannot be the name of a data set: it has a / or \\, spaces around it or control characters`,
    );
  if (namesTaken(datasets).has(name))
    throw new InputError('dataset-name-taken', `there is a data set called "${name}" already; choose another name`);
}

function hasControlCharacters(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

/** Those of what comes with Engram also before it has been looked through. */
function namesTaken(datasets: readonly Dataset[]): ReadonlySet<string> {
  return new Set([...builtInDatasets, ...datasets.map(({ name }) => name)]);
}

/** `CIFAR-10`, `CIFAR-10 2`, … */
function findFreeName(datasets: readonly Dataset[], name: string): string {
  const taken = namesTaken(datasets);
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name} ${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function requireRemovable({ id, name, place, description }: Dataset, { lab }: Stores): void {
  if (place === 'built-in') throw new InputError('dataset-built-in', `data set "${name}" comes with Engram; it cannot be removed`);
  // Runs know a data set by where it lies, and it stays known there when it was added twice.
  if (listDatasets(lab).some((other) => other.id !== id && other.description.path === description.path)) return;
  const users = runsWithStatus(lab, ['queued', 'running', 'paused']).filter(({ spec }) => spec.dataset === description.path);
  if (users.length === 0) return;
  const ids = users.slice(0, 3).map(({ id }) => id);
  throw new InputError(
    'dataset-in-use',
    `data set "${name}" is used by ${users.length} runs that are queued, running or paused: ${ids.join(', ')}${users.length > 3 ? ' …' : ''}`,
  );
}
