/** From the data set that a run names to the one that its trainer opens. */
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import type { Dataset } from '../../../core/contract/api/lab.ts';
import { defaultDatasets, isBuiltInDataset, suits, type DataKind, type DatasetFormat } from '../../../core/contract/dataset-description.ts';
import { InputError } from '../../../core/contract/errors.ts';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import { experimentOf } from '../../../core/experiments/index.ts';
import type { DataInUse } from '../../../core/experiments/reference.ts';
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
 * @throws InputError `dataset-missing`, `dataset-unsuitable`, `dataset-too-small`, `images-too-small`.
 */
export function checkDatasetOf(lab: LabDatabase, spec: RunSpec): void {
  const { dataset, parameters } = spec;
  const { name: experiment, data, checkDataset } = experimentOf(spec);
  if (dataset !== undefined && !existsSync(dataset)) throw new InputError('dataset-missing', `the data set "${dataset}" does not exist`);
  const known = datasetsOf(lab, spec);
  const refusals = known.flatMap(({ name, description }) => {
    try {
      requireSuitable(experiment, data, name, description.format);
      checkDataset?.(parameters, { ...description, name });
      return [];
    } catch (error) {
      if (error instanceof InputError) return [error];
      throw error;
    }
  });
  if (refusals.length > 0 && refusals.length === known.length) throw refusals[0]!;
}

/** What the lab knows of a run's data set: what lies in one place may have been added more than once, before and after a change. */
function datasetsOf(lab: LabDatabase, spec: RunSpec): Dataset[] {
  const { data } = experimentOf(spec);
  return listDatasets(lab).filter(({ description: { path, format } }) =>
    spec.dataset === undefined ? format === defaultDatasets[data] : path === spec.dataset,
  );
}

/** What a run's episodes would be drawn from, as far as the lab knows without opening it. */
export function dataOf(lab: LabDatabase, spec: RunSpec): DataInUse {
  const [known] = datasetsOf(lab, spec);
  if (known !== undefined) return { dataset: known.description.format, classes: known.description.classes.length };
  const unnamed = defaultDatasets[experimentOf(spec).data] ?? 'generated';
  return { dataset: spec.dataset === undefined ? unnamed : 'a data set that the lab does not know' };
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
  requireSuitable(name, data, dataset, format);
  return path;
}

/** @throws InputError `dataset-unsuitable`. */
function requireSuitable(experiment: string, data: DataKind, dataset: string, format: DatasetFormat): void {
  if (suits(data, format)) return;
  const needed = data === 'images' ? 'images' : 'drawn characters';
  throw new InputError(
    'dataset-unsuitable',
    `the experiment ${experiment} cannot be trained on data set "${dataset}": its format is ${format}, and ${needed} are needed`,
  );
}

/** Why a run cannot be trained on the data set of the lab that it names: it has changed, or has gone. Undefined for what the lab does not know. */
export async function findDatasetProblem(lab: LabDatabase, spec: RunSpec): Promise<string | undefined> {
  if (spec.dataset === undefined) return undefined;
  const known = datasetsOf(lab, spec);
  let problem: string | undefined;
  for (const { description } of known) {
    const context = { signal: new AbortController().signal, report: () => {} };
    const found = await runTask('check-dataset', { description }, z.string().nullable(), context);
    if (found === null) return undefined;
    problem ??= found;
  }
  return problem;
}
