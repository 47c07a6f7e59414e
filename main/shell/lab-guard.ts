/** A lab whose folder goes away while its window is open is not begun anew in its place. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FailureError } from '../../core/contract/errors.ts';

/**
 * To be called before a host is looked for or started.
 * @throws (the returned function) FailureError `data-folder-gone` where there was a lab and is none any more.
 */
export function createLabGuard(dataFolder: string): () => void {
  const isThere = () => existsSync(join(dataFolder, 'lab.db')) || existsSync(join(dataFolder, 'runs'));
  let wasThere = isThere();
  return () => {
    if (isThere()) wasThere = true;
    else if (wasThere) throw new FailureError('data-folder-gone', `the lab in ${dataFolder} is no longer there`);
  };
}
