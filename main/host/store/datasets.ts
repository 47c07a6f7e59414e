/** Data sets that the lab knows. */
import type { Dataset } from '../../../core/contract/api/lab.ts';
import type { DatasetDescription } from '../../../core/contract/dataset-description.ts';
import { InputError } from '../../../core/contract/errors.ts';
import { suggestName } from '../../../core/contract/nearest-name.ts';
import type { LabDatabase } from './database-types.ts';

export interface NewDataset {
  readonly id: string;
  readonly name: string;
  readonly place: Dataset['place'];
  readonly description: DatasetDescription;
  /** Absolute path of a sheet of samples. */
  readonly thumbnails: string | null;
  readonly addedAtMs: number;
}

interface DatasetRecord {
  readonly id: string;
  readonly name: string;
  readonly place: Dataset['place'];
  readonly description: string;
  readonly thumbnails: string | null;
  readonly addedAtMs: number;
  readonly runs: number;
}

const select = `SELECT id, name, place, description, thumbnails, added_at_ms AS addedAtMs,
  (SELECT count(*) FROM runs WHERE dataset_sha256 = datasets.sha256) AS runs FROM datasets`;

/** @throws InputError `dataset-name-taken`. */
export function insertDataset(lab: LabDatabase, { description, ...dataset }: NewDataset): void {
  lab.transaction(() => {
    if (lab.prepare<unknown>('SELECT 1 FROM datasets WHERE name = ?').get(dataset.name) !== undefined) {
      throw new InputError('dataset-name-taken', `there is a data set called "${dataset.name}" already; choose another name`);
    }
    lab
      .prepare(
        `INSERT INTO datasets (id, name, description, format, path, place, sha256, size_bytes, thumbnails, added_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        dataset.id,
        dataset.name,
        JSON.stringify(description),
        description.format,
        description.path ?? '',
        dataset.place,
        description.sha256,
        description.sizeBytes,
        dataset.thumbnails,
        dataset.addedAtMs,
      );
  });
}

/** In the order of their names. */
export function listDatasets(lab: LabDatabase): Dataset[] {
  return lab.prepare<DatasetRecord>(`${select} ORDER BY name`).all().map(toDataset);
}

/**
 * By its id or its name.
 * @throws InputError `unknown-dataset` with the nearest name.
 */
export function readDataset(lab: LabDatabase, idOrName: string): Dataset {
  const record = lab.prepare<DatasetRecord>(`${select} WHERE id = ? OR name = ? ORDER BY id = ? DESC`).get(idOrName, idOrName, idOrName);
  if (record !== undefined) return toDataset(record);
  const names = listDatasets(lab).map(({ name }) => name);
  throw new InputError('unknown-dataset', `there is no data set "${idOrName}": ${suggestName(idOrName, names)}`);
}

export function deleteDataset(lab: LabDatabase, id: string): void {
  lab.prepare('DELETE FROM datasets WHERE id = ?').run(id);
}

function toDataset({ description, ...record }: DatasetRecord): Dataset {
  return { ...record, description: JSON.parse(description) as DatasetDescription };
}
