/** Opens series.db; one that cannot be used is put aside, and a new one is filled from the journals. */
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FailureError } from '../../../core/contract/errors.ts';
import type { SeriesDatabase } from './database-types.ts';
import { migrate, readMigrations } from './migrations.ts';
import { putAside } from './put-aside.ts';
import { openSql } from './sql.ts';

/** `isLost`: it begins empty. */
export function openSeries(dataFolder: string, notices: string[]): { series: SeriesDatabase; isLost: boolean } {
  const path = join(dataFolder, 'series.db');
  const marker = damageMarker(dataFolder);
  const existed = existsSync(path);
  if (existed && statSync(path).size > 0 && !existsSync(marker)) {
    try {
      return { series: openMigrated(path), isLost: false };
    } catch (error) {
      if (!(error instanceof FailureError && error.code === 'database-damaged')) throw error;
    }
  }
  if (existed) notices.push(`series.db was damaged and is now ${putAside(path)}; its metrics are read again from the run folders`);
  rmSync(marker, { force: true });
  return { series: openMigrated(path), isLost: true };
}

/** While this file exists, series.db is known to be damaged: the next start puts it aside. */
export function damageMarker(dataFolder: string): string {
  return join(dataFolder, 'series.db-damaged');
}

function openMigrated(path: string): SeriesDatabase {
  const sql = openSql(path, 'normal');
  try {
    migrate(sql, readMigrations('series'), () => {});
    return { ...sql, kind: 'series' };
  } catch (error) {
    sql.close();
    throw error;
  }
}
