/** From what somebody typed to a run's id. */
import { InputError } from '../../../core/contract/errors.ts';
import { findNearestName } from '../../../core/contract/nearest-name.ts';
import type { LabDatabase } from './database-types.ts';

/**
 * The id of the run called `argument`: its id, the beginning of it, or `last`, the newest one that is not in the trash.
 * @throws InputError `unknown-run` or `ambiguous-run`.
 */
export function resolveRunId(lab: LabDatabase, argument: string): string {
  if (argument === 'last') {
    const newest = lab.prepare<{ id: string }>(
      'SELECT id FROM runs WHERE trashed_at_ms IS NULL ORDER BY created_at_ms DESC, rowid DESC LIMIT 1',
    );
    const row = newest.get();
    if (row === undefined) throw new InputError('unknown-run', `there is no run yet in ${lab.dataFolder}`);
    return row.id;
  }
  if (lab.prepare<unknown>('SELECT 1 FROM runs WHERE id = ?').get(argument) !== undefined) return argument;
  const matches = argument === '' ? [] : idsBeginningWith(lab, argument);
  if (matches.length === 1) return matches[0]!;
  if (matches.length > 1) {
    throw new InputError('ambiguous-run', `"${argument}" is the beginning of ${matches.length} runs: ${matches.slice(-5).join(', ')}`);
  }
  const nearest = findNearestName(argument, allIds(lab));
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  throw new InputError('unknown-run', `there is no run "${argument}" in ${lab.dataFolder}${hint}`);
}

function idsBeginningWith(lab: LabDatabase, beginning: string): string[] {
  const rows = lab.prepare<{ id: string }>('SELECT id FROM runs WHERE substr(id, 1, length(?)) = ? ORDER BY id').all(beginning, beginning);
  return rows.map(({ id }) => id);
}

function allIds(lab: LabDatabase): string[] {
  return lab
    .prepare<{ id: string }>('SELECT id FROM runs')
    .all()
    .map(({ id }) => id);
}
