/** What people tried while looking inside runs. */
import { InputError } from '../../../core/contract/errors.ts';
import { mostTried, type ListedTried, type NewTried, type Tried } from '../../../core/contract/tried.ts';
import { mirrorAbout } from './about-mirror.ts';
import type { LabDatabase } from './database-types.ts';
import { insertTried, readTried } from './tried-rows.ts';

export { readTried } from './tried-rows.ts';

/** @throws InputError `too-many-tried`; FailureError `disk-full`. */
export function keepTried(lab: LabDatabase, run: string, tried: NewTried): ListedTried {
  return lab.transaction(() => {
    if (readTried(lab, run).length >= mostTried)
      throw new InputError(
        'too-many-tried',
        `run ${run} has ${mostTried} things that were tried, which is as many as are kept: remove one`,
      );
    insertTried(lab, run, { ...tried, keptAtMs: Date.now() });
    mirrorAbout(lab, run);
    return readTried(lab, run).at(-1)!;
  });
}

/** @throws InputError `unknown-tried`. */
export function renameTried(lab: LabDatabase, run: string, id: number, name: string): ListedTried {
  return lab.transaction(() => {
    if (lab.prepare('UPDATE tried SET name = ? WHERE run_id = ? AND id = ?').run(name, run, id) === 0)
      throw new InputError('unknown-tried', `run ${run} has nothing tried with the number ${id}`);
    mirrorAbout(lab, run);
    return readTried(lab, run).find((each) => each.id === id)!;
  });
}

/** Whether there was one. */
export function removeTried(lab: LabDatabase, run: string, id: number): boolean {
  return lab.transaction(() => {
    const removed = lab.prepare('DELETE FROM tried WHERE run_id = ? AND id = ?').run(run, id) > 0;
    if (removed) mirrorAbout(lab, run);
    return removed;
  });
}

/** Everything that a run has, for one whose row is taken from its folder. */
export function replaceTried(lab: LabDatabase, run: string, tried: readonly Tried[]): void {
  lab.prepare('DELETE FROM tried WHERE run_id = ?').run(run);
  for (const each of tried) insertTried(lab, run, each);
}
