/** The one place where a run's data set, backend and training come together. */
import { chooseBackend } from '../../core/backend/choose-backend.ts';
import type { BackendName, RunSpec } from '../../core/contract/run-spec.ts';
import type { ImageDataset } from '../../core/data/grey-images.ts';
import { createTraining } from '../../core/training/create-training.ts';
import type { Training } from '../../core/training/training.ts';
import { openImageDataset } from '../datasets/open-image-dataset.ts';
import { freeMemory } from './free-memory.ts';

export interface BuiltTraining {
  readonly training: Training;
  readonly backend: { readonly name: BackendName; readonly device: string; dispose(): void };
  readonly dataset: Pick<ImageDataset, 'name' | 'format' | 'sha256' | 'note'>;
}

/** `report` takes lines for people about what was chosen and why. */
export type BuildTraining = (spec: RunSpec, report: (line: string) => void) => Promise<BuiltTraining>;

/** @throws InputError for a data set that cannot be read; FailureError `no-backend` and the like. */
export const buildTraining: BuildTraining = async (spec, report) => {
  const dataset = await openImageDataset(spec.dataset);
  freeMemory();
  const { backend: choice, device, precision } = spec;
  const backend = await chooseBackend({ backend: choice, precision, ...(device === undefined ? {} : { device }) }, report);
  return { training: await createTraining(spec, dataset, backend), backend, dataset };
};
