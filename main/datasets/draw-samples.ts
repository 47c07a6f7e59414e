/** Draws what can be looked at of a data set, for those who browse it: sheets of samples, and an index of them. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetDescription } from '../../core/contract/dataset-description.ts';
import type { DatasetSamples } from '../../core/contract/dataset-samples.ts';
import { InputError } from '../../core/contract/errors.ts';
import { explainDiskError } from '../run-folder/disk-space.ts';
import { makeFolders } from '../run-folder/make-folders.ts';
import { explainFileError } from './explain-file-error.ts';
import { findDataset } from './find-dataset.ts';
import type { Reading } from './reading.ts';
import { chooseSamples, columns, drawSheet, maximumCells } from './thumbnails.ts';

export const samplesIndexName = 'samples.json';
const side = 96;
/** Of few, each is drawn larger. */
const largeSide = 192;
const few = 40;
/** Fifteen sheets: some 10 MB. */
const mostSamples = 1500;

export interface SamplesRequest {
  readonly description: Pick<DatasetDescription, 'name' | 'format' | 'path' | 'sha256'>;
  /** A folder, which is replaced. */
  readonly to: string;
  readonly signal: AbortSignal;
}

/**
 * The index is written as `samples.json` beside the sheets.
 * @throws InputError `dataset-…` where the data set has gone, `dataset-changed` where it is another one now; FailureError `disk-full`.
 */
export async function drawSamples(request: SamplesRequest): Promise<DatasetSamples> {
  const { description, to, signal } = request;
  const unfinished = `${to}.unfinished`;
  try {
    await rm(unfinished, { recursive: true, force: true });
    makeFolders(unfinished);
    const index = await drawInto(unfinished, request);
    await writeFile(join(unfinished, samplesIndexName), JSON.stringify(index));
    await rm(to, { recursive: true, force: true });
    await rename(unfinished, to);
    return index;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    signal.throwIfAborted();
    throw explainFileError(description.path ?? description.format, explainDiskError(error, to));
  }
}

async function drawInto(folder: string, { description, signal }: SamplesRequest): Promise<DatasetSamples> {
  const reading: Reading = { advance: () => signal.throwIfAborted() };
  const source = description.path ?? description.format;
  const { about, groups, measure } = await (await findDataset(source)).read(reading);
  if (about.sha256 !== description.sha256) {
    throw new InputError('dataset-changed', `${description.name} is no longer what was imported: ${source} has other contents now`);
  }
  const chosen = chooseSamples(groups, mostSamples);
  const sampleSide = chosen.length > few ? side : largeSide;
  const sheets: string[] = [];
  for (let first = 0; first < chosen.length; first += maximumCells) {
    const name = `${String(sheets.length).padStart(3, '0')}.png`;
    const cells = chosen.slice(first, first + maximumCells).map(({ draw }) => draw);
    await writeFile(join(folder, name), await drawSheet(cells, sampleSide, () => reading.advance(0)));
    sheets.push(name);
  }
  return {
    sha256: about.sha256,
    side: sampleSide,
    columns,
    perSheet: maximumCells,
    sheets,
    groups: groups.map(({ name }) => name),
    samples: chosen.map(({ group }) => group),
    pixels: measure(),
  };
}
