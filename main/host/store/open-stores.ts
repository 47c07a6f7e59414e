/** Opens the lab's two databases, whatever state they are in. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepareDataFolder, runsFolder } from '../../run-folder/data-folder.ts';
import { requireSpace } from '../../run-folder/disk-space.ts';
import { arePositionsApart } from './compare-positions.ts';
import type { LabDatabase, SeriesDatabase } from './database-types.ts';
import { openLab } from './open-lab.ts';
import { openSeries } from './open-series.ts';

export type { LabDatabase, SeriesDatabase } from './database-types.ts';

export interface Stores {
  readonly dataFolder: string;
  readonly lab: LabDatabase;
  readonly series: SeriesDatabase;
  /** What start-up found and did, a sentence each. */
  readonly notices: readonly string[];
  /** Something of the run folders is missing in a database: `rebuildLab` takes it in. */
  readonly needsRebuild: boolean;
  /** lab.db is a copy from an earlier time: what people said of runs since then stands in the run folders alone. */
  readonly isFromBackup: boolean;
  close(): void;
}

/**
 * Migrates both databases and checks lab.db. A damaged one is put aside, never overwritten; of lab.db the latest good backup then takes its
 * place, or an empty one where there is none; an empty series.db is filled by `rebuildLab`. Only one process may have the stores of a folder open.
 * @param how `anew`: where there is no lab.db, none is restored from a backup.
 * @throws InputError `data-folder-not-writable`; FailureError `database-newer`, `migration-changed`, `migration-failed`,
 * `database-not-writable` or `disk-full`.
 */
export function openStores(dataFolder: string, how: 'as-left' | 'anew' = 'as-left'): Stores {
  prepareDataFolder(dataFolder);
  requireSpace(dataFolder, 2 ** 20, "the lab's database");
  const notices: string[] = [];
  const { lab, origin } = openLab(dataFolder, notices, how);
  try {
    const series = openSeries(dataFolder, notices);
    const hasFolders = () => readdirSync(runsFolder(dataFolder)).some((id) => existsSync(join(runsFolder(dataFolder), id, 'spec.json')));
    return {
      dataFolder,
      lab,
      series,
      notices,
      needsRebuild: origin === 'left' ? arePositionsApart(lab, series) : hasFolders(),
      isFromBackup: origin === 'backup',
      close: () => {
        series.close();
        lab.close();
      },
    };
  } catch (error) {
    lab.close();
    throw error;
  }
}
