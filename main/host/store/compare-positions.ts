/** Whether the two databases have come equally far in the journals. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runsFolder } from '../../run-folder/data-folder.ts';
import { runPaths } from '../../run-folder/run-paths.ts';
import type { LabDatabase, SeriesDatabase } from './database-types.ts';

interface PositionRow {
  readonly id: string;
  readonly sequence: number;
}

/** Whether there is a run whose journal can be read and of which one database has more than the other: a crash, or a lost series.db. */
export function arePositionsApart(lab: LabDatabase, series: SeriesDatabase): boolean {
  const followed = series.prepare<PositionRow>('SELECT run_id AS id, journal_sequence AS sequence FROM followed').all();
  const inSeries = new Map(followed.map(({ id, sequence }) => [id, sequence]));
  return lab
    .prepare<PositionRow>('SELECT id, journal_sequence AS sequence FROM runs')
    .all()
    .some(({ id, sequence }) => sequence !== (inSeries.get(id) ?? 1) && existsSync(runPaths(join(runsFolder(lab.dataFolder), id)).journal));
}
