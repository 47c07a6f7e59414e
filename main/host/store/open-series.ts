/** Opens series.db; one that cannot be used is put aside, and a new one is filled from the journals. */
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FailureError } from '../../../core/contract/errors.ts';
import { damageMarker, markDamaged } from './damage-marker.ts';
import type { SeriesDatabase } from './database-types.ts';
import { migrate, readMigrations } from './migrations.ts';
import { putAside } from './put-aside.ts';
import { openSql } from './sql.ts';

/** What was done about a damaged one is added to `notices`. */
export function openSeries(dataFolder: string, notices: string[]): SeriesDatabase {
  const path = join(dataFolder, 'series.db');
  const marker = damageMarker(dataFolder);
  const existed = existsSync(path);
  if (existed && statSync(path).size > 0 && !existsSync(marker)) {
    try {
      return openMigrated(path, dataFolder);
    } catch (error) {
      if (!(error instanceof FailureError && error.code === 'database-damaged')) throw error;
    }
  }
  const aside = putAside(path);
  if (existed) notices.push(`series.db was damaged and is now ${aside}; its metrics are read again from the run folders`);
  rmSync(marker, { force: true });
  return openMigrated(path, dataFolder);
}

function openMigrated(path: string, dataFolder: string): SeriesDatabase {
  const sql = openSql(path, 'normal', () => markDamaged(dataFolder));
  try {
    migrate(sql, readMigrations('series'), () => {});
    return { ...sql, kind: 'series' };
  } catch (error) {
    sql.close();
    throw error;
  }
}
