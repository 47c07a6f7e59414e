/** Sheets of samples of the lab's data sets: drawn once, when somebody first wants to see them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../../../core/contract/api/lab.ts';
import { datasetSamplesSchema, type DatasetSamples } from '../../../core/contract/dataset-samples.ts';
import { samplesIndexName } from '../../datasets/draw-samples.ts';
import { makeFolders } from '../../run-folder/make-folders.ts';
import { runTask } from '../jobs/task-process.ts';

export interface Samples {
  of(dataset: Dataset): Promise<DatasetSamples>;
}

/** @param folder of all data sets. */
export function createSamples(folder: string): Samples {
  const working = new Map<string, Promise<DatasetSamples>>();
  const draw = async ({ id, description }: Dataset) => {
    const to = join(folder, id, 'samples');
    const drawn = await readIndex(to);
    if (drawn?.sha256 === description.sha256) return drawn;
    makeFolders(join(folder, id));
    const context = { signal: new AbortController().signal, report: () => {} };
    return await runTask('draw-samples', { description, to }, datasetSamplesSchema, context);
  };
  return {
    of: (dataset) => {
      const { id } = dataset;
      let work = working.get(id);
      if (work === undefined) working.set(id, (work = draw(dataset).finally(() => working.delete(id))));
      return work;
    },
  };
}

/** Undefined where there is none, or one of another version. */
async function readIndex(folder: string): Promise<DatasetSamples | undefined> {
  try {
    return datasetSamplesSchema.parse(JSON.parse(await readFile(join(folder, samplesIndexName), 'utf8')));
  } catch {
    return undefined;
  }
}
