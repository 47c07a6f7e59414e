/** What a host that lives long does now and then: copies of the small database. */
import type { Lab } from './lab.ts';
import { backUp, isBackupDue } from './store/backups.ts';

/** Often enough that no day is missed, even where the machine sleeps at night. */
const lookEveryMs = 10 * 60 * 1000;

/** Until the returned function is called. */
export function keepHouse(lab: Lab): () => void {
  const timer = setInterval(() => {
    try {
      if (isBackupDue(lab.dataFolder)) backUp(lab.stores.lab, lab.dataFolder);
    } catch (error) {
      lab.log.error('the daily copy of the database could not be made', error);
    }
  }, lookEveryMs);
  return () => clearInterval(timer);
}
