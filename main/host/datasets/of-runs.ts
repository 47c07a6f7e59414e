/** From the data set that a run names to the one that its trainer opens. */
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { defaultDatasets, isBuiltInDataset, suits, type DatasetDescription } from '../../../core/contract/dataset-description.ts';
import { InputError } from '../../../core/contract/errors.ts';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import { experimentOf } from '../../../core/experiments/index.ts';
import { runTask } from '../jobs/task-process.ts';
import { listDatasets, readDataset } from '../store/datasets.ts';
import type { LabDatabase } from '../store/open-stores.ts';

/**
 * `spec` with the path of its data set where it names one of the lab's; a path stays as it is.
 * @throws InputError `unknown-dataset`, `dataset-unsuitable`, `unknown-experiment`.
 */
export function resolveDataset(lab: LabDatabase, spec: RunSpec): RunSpec {
  if (spec.dataset === undefined) return spec;
  const { dataset, ...rest } = spec;
  const path = findPath(lab, spec, dataset);
  return path === null ? rest : { ...rest, dataset: path };
}

/**
 * What can be said of a run's data set without opening it, so that no run waits for nothing.
 * @throws InputError `dataset-missing`, `dataset-too-small`, `images-too-small`.
 */
export function checkDatasetOf(lab: LabDatabase, { dataset, parameters, ...spec }: RunSpec): void {
  const { data, checkDataset } = experimentOf(spec);
  const isOf = (description: DatasetDescription) =>
    dataset === undefined ? description.format === defaultDatasets[data] : description.path === dataset;
  const known = listDatasets(lab).find(({ description }) => isOf(description));
  if (known !== undefined) checkDataset?.(parameters, known.description);
  else if (dataset !== undefined && !existsSync(dataset))
    throw new InputError('dataset-missing', `the data set "${dataset}" does not exist`);
}

/** The same for changes of `spec`, where null leaves a field out. */
export function resolveChangedDataset(
  lab: LabDatabase,
  spec: RunSpec,
  changes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { dataset } = changes;
  return typeof dataset === 'string' ? { ...changes, dataset: findPath(lab, spec, dataset) } : { ...changes };
}

/** Null for the data set of those who name none. */
function findPath(lab: LabDatabase, spec: RunSpec, dataset: string): string | null {
  const { name, data } = experimentOf(spec);
  // Whoever checks the spec refuses any data set.
  if (data === 'generated') return dataset;
  if (dataset === defaultDatasets[data]) return null;
  if (isAbsolute(dataset)) return resolve(dataset);
  const { path, format } = isBuiltInDataset(dataset) ? { path: null, format: dataset } : readDataset(lab, dataset).description;
  if (path !== null && suits(data, format)) return path;
  const needed = data === 'images' ? 'images' : 'drawn characters';
  throw new InputError(
    'dataset-unsuitable',
    `the experiment ${name} cannot be trained on data set "${dataset}": its format is ${format}, and ${needed} are needed`,
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
