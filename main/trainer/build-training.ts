/** The one place where a run's data, backend and training come together. */
import { chooseBackend } from '../../core/backend/choose-backend.ts';
import type { RunDataset } from '../../core/contract/dataset-description.ts';
import { InputError } from '../../core/contract/errors.ts';
import type { OwnEpisode } from '../../core/contract/own-episode.ts';
import type { BackendName, RunSpec } from '../../core/contract/run-spec.ts';
import { experimentOf } from '../../core/experiments/index.ts';
import { createTraining, type TrainingData } from '../../core/training/create-training.ts';
import { createExtendedTraining } from '../../core/extensions/create-extended-training.ts';
import type { Training } from '../../core/training/training.ts';
import { openCharacterDataset } from '../datasets/open-character-dataset.ts';
import { openImageDataset } from '../datasets/open-image-dataset.ts';
import { extensionsFolderOfRun } from '../extensions/extension-files.ts';
import { loadExtensions } from '../extensions/load-extensions.ts';
import { agentThreads } from './agent-threads.ts';
import { freeMemory } from './free-memory.ts';

export interface BuiltTraining {
  readonly training: Training;
  readonly backend: { readonly name: BackendName; readonly device: string; dispose(): void };
  readonly dataset: RunDataset;
  /** Another training on the same data and backend, of a spec that differs in parameters, or with one's own episodes in place of held-out ones. */
  variation(spec: RunSpec, own?: OwnEpisode): Promise<Training>;
}

/**
 * `report` takes lines for people about what was chosen and why.
 * @param folder the run's: beside those of the lab's runs lie its extensions.
 */
export type BuildTraining = (spec: RunSpec, report: (line: string) => void, folder: string) => Promise<BuiltTraining>;

const generated: RunDataset = { name: 'drawn from the seed', format: 'generated', sha256: '', note: '' };

/** @throws InputError for a data set that cannot be read; FailureError `no-backend` and the like. */
export const buildTraining: BuildTraining = async (spec, report, folder) => {
  const loaded = await loadExtensions(extensionsFolderOfRun(folder), spec);
  const { backend: choice, device, precision } = spec;
  // Images are decoded in other threads while this one loads the backend.
  const [opened, started] = await Promise.allSettled([
    openData(spec),
    chooseBackend({ backend: choice, precision, ...(device === undefined ? {} : { device }) }, report),
  ]);
  if (opened.status === 'rejected' && started.status === 'fulfilled') started.value.dispose();
  const [data, backend] = [settled(opened), settled(started)];
  freeMemory();
  const createExtended = (changed: RunSpec) => {
    const dataset = data.kind === 'images' ? data.dataset : undefined;
    return createExtendedTraining(changed, dataset, backend, loaded);
  };
  return {
    training: spec.extensions !== undefined ? createExtended(spec) : await createTraining(spec, data, backend, agentThreads(spec)),
    backend,
    dataset: describeData(data),
    variation: async (changed, own) => {
      if (changed.extensions === undefined) return await createTraining(changed, data, backend, undefined, own);
      if (own !== undefined) throw new InputError('own-episode-not-possible', 'a task of one’s own draws its episodes itself');
      return createExtended(changed);
    },
  };
};

function describeData(data: TrainingData): RunDataset {
  if (data.kind === 'generated') return generated;
  const { name, format, sha256, note } = data.dataset;
  return { name, format, sha256, note, ...(data.kind === 'characters' ? { classes: data.dataset.characters.length } : {}) };
}

function settled<Value>(result: PromiseSettledResult<Value>): Value {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

async function openData(spec: RunSpec): Promise<TrainingData> {
  const { dataset } = spec;
  const kind = experimentOf(spec).data;
  switch (kind) {
    case 'images':
      return { kind, dataset: await openImageDataset(dataset) };
    case 'characters':
      return { kind, dataset: await openCharacterDataset(dataset) };
    case 'generated':
      return { kind };
  }
}
