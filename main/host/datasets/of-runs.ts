/** From the data set that a run names to the one that its trainer opens. */
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { isBuiltInDataset, type DatasetFormat } from '../../../core/contract/dataset-description.ts';
import { InputError } from '../../../core/contract/errors.ts';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import { runTask } from '../jobs/task-process.ts';
import { listDatasets, readDataset } from '../store/datasets.ts';
import type { LabDatabase } from '../store/open-stores.ts';

/** What a spec says that names no data set of its own. */
const defaultDataset = 'photographs';

/**
 * `spec` with the path of its data set where it names one of the lab's; a path stays as it is.
 * @throws InputError `unknown-dataset`, `dataset-unsuitable`.
 */
export function resolveDataset(lab: LabDatabase, spec: RunSpec): RunSpec {
  if (spec.dataset === undefined) return spec;
  const { dataset, ...rest } = spec;
  const path = findPath(lab, dataset);
  return path === null ? rest : { ...rest, dataset: path };
}

/** No experiment is trained on these yet. */
const ofCharacters: readonly string[] = ['omniglot', 'characters'] satisfies DatasetFormat[];

/** The same for changes of a spec, where null leaves a field out. */
export function resolveChangedDataset(lab: LabDatabase, changes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { dataset } = changes;
  return typeof dataset === 'string' ? { ...changes, dataset: findPath(lab, dataset) } : { ...changes };
}

/** Null for the data set of those who name none. */
function findPath(lab: LabDatabase, dataset: string): string | null {
  if (dataset === defaultDataset) return null;
  if (isAbsolute(dataset)) return resolve(dataset);
  const { path, format } = isBuiltInDataset(dataset) ? { path: null, format: dataset } : readDataset(lab, dataset).description;
  if (path !== null && !ofCharacters.includes(format)) return path;
  throw new InputError(
    'dataset-unsuitable',
    `this experiment cannot be trained on data set "${dataset}": its format is ${format}, and images are needed`,
  );
}

/** Why a run cannot be trained on the data set of the lab that it names: it has changed, or has gone. Undefined for what the lab does not know. */
export async function findDatasetProblem(lab: LabDatabase, spec: RunSpec): Promise<string | undefined> {
  if (spec.dataset === undefined) return undefined;
  const known = listDatasets(lab).filter(({ description }) => description.path === spec.dataset);
  let problem: string | undefined;
  // What lies in one place may have been added more than once, before and after a change.
  for (const { description } of known) {
    const context = { signal: new AbortController().signal, report: () => {} };
    const found = await runTask('check-dataset', { description }, z.string().nullable(), context);
    if (found === null) return undefined;
    problem ??= found;
  }
  return problem;
}
