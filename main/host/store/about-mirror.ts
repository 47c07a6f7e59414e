/** Keeps in each run's folder what people say of the run, and what they had evaluated. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunAbout } from '../../../core/contract/run-about.ts';
import { writeAbout } from '../../run-folder/about-file.ts';
import { runsFolder } from '../../run-folder/data-folder.ts';
import type { LabDatabase } from './database-types.ts';
import { evaluationsOfPeople } from './evaluations.ts';
import { describeTried } from './tried-rows.ts';

interface AboutRecord {
  readonly name: string;
  readonly note: string;
  readonly run_group: string;
  readonly protected: number;
  readonly created_at_ms: number;
}

export function describeAbout(lab: LabDatabase, id: string): RunAbout | undefined {
  const select = 'SELECT name, note, run_group, protected, created_at_ms FROM runs WHERE id = ?';
  const row = lab.prepare<AboutRecord>(select).get(id);
  if (row === undefined) return undefined;
  const tags = lab.prepare<{ tag: string }>('SELECT tag FROM tags WHERE run_id = ? ORDER BY tag').all(id);
  const [tried, evaluated] = [describeTried(lab, id), evaluationsOfPeople(lab, id)];
  return {
    name: row.name,
    note: row.note,
    tags: tags.map(({ tag }) => tag),
    group: row.run_group,
    protected: row.protected === 1,
    createdAtMs: row.created_at_ms,
    ...(tried.length === 0 ? {} : { tried }),
    ...(evaluated.length === 0 ? {} : { evaluated }),
  };
}

/**
 * Writes `about.json` into the run's folder, if there is one. Called within the transaction of the change, so that a change that could not be
 * written there does not happen at all.
 * @throws FailureError `disk-full`.
 */
export function mirrorAbout(lab: LabDatabase, id: string): void {
  const folder = join(runsFolder(lab.dataFolder), id);
  if (!existsSync(folder)) return;
  const about = describeAbout(lab, id);
  if (about !== undefined) writeAbout({ folder }, about);
}
