/** Tags of runs. */
import { mostTags } from '../../../core/contract/archive-manifest.ts';
import { InputError } from '../../../core/contract/errors.ts';
import { mirrorAbout } from './about-mirror.ts';
import type { LabDatabase } from './database-types.ts';

/** @throws InputError `too-many-tags`; FailureError `disk-full`. Nothing is changed then. */
export function addTags(lab: LabDatabase, id: string, tags: readonly string[]): void {
  lab.transaction(() => {
    for (const tag of tags) lab.prepare('INSERT OR IGNORE INTO tags (run_id, tag) VALUES (?, ?)').run(id, tag);
    const { count } = lab.prepare<{ count: number }>('SELECT count(*) AS count FROM tags WHERE run_id = ?').get(id)!;
    if (count > mostTags)
      throw new InputError('too-many-tags', `a run has at most ${mostTags} tags, and ${id} would have ${count}: remove some`);
    mirrorAbout(lab, id);
  });
}

export function removeTags(lab: LabDatabase, id: string, tags: readonly string[]): void {
  lab.transaction(() => {
    for (const tag of tags) lab.prepare('DELETE FROM tags WHERE run_id = ? AND tag = ?').run(id, tag);
    mirrorAbout(lab, id);
  });
}

/** The tags of those of these runs that have any, in alphabetical order. */
export function readTagsOf(lab: LabDatabase, ids: readonly string[]): Map<string, string[]> {
  const where = 'WHERE run_id IN (SELECT value FROM json_each(?))';
  const rows = lab
    .prepare<{ run_id: string; tag: string }>(`SELECT run_id, tag FROM tags ${where} ORDER BY run_id, tag`)
    .all(JSON.stringify(ids));
  const tags = new Map<string, string[]>();
  for (const { run_id: id, tag } of rows) {
    const list = tags.get(id);
    if (list === undefined) tags.set(id, [tag]);
    else list.push(tag);
  }
  return tags;
}
