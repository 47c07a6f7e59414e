/** How the last attempt to bring the runtime went: one small file in the lab, which outlives the host. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeAttemptSchema, type RuntimeAttempt } from '../../../core/contract/api/runtime.ts';
import { writeFileAtomically } from '../../run-folder/atomic-file.ts';

export interface LastAttempt {
  /** Null where there was none, or the file cannot be read. */
  read(): RuntimeAttempt | null;
  write(attempt: RuntimeAttempt): Promise<void>;
}

export function createLastAttempt(dataFolder: string): LastAttempt {
  const file = join(dataFolder, 'tensorflow-set-up.json');
  return {
    read: () => {
      try {
        return runtimeAttemptSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
      } catch {
        return null;
      }
    },
    write: (attempt) => writeFileAtomically(file, JSON.stringify(attempt)),
  };
}
