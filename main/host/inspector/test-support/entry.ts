/** Stands in for a process that looks inside a run, and says by its files and answers which one it is (not used by the product). */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InspectQuestion } from '../../../trainer/inspect-jobs.ts';
import type { InspectJob } from '../../../trainer/jobs.ts';

const { folder, to } = JSON.parse(process.argv[2]!) as InspectJob;
mkdirSync(to, { recursive: true });

/** As long as the run's folder has this file. */
async function wait(name: 'busy' | 'lingering'): Promise<void> {
  while (existsSync(join(folder, name))) await sleep(5);
}

const leave = () => void wait('lingering').then(() => process.exit());
process.on('SIGTERM', leave);
process.on('disconnect', leave);
process.on('message', ({ id }: InspectQuestion) => {
  void wait('busy').then(() => {
    writeFileSync(join(to, 'episode-1.safetensors'), String(process.pid));
    process.send?.({ id, answer: { file: 'episode-1.safetensors', iteration: process.pid, picture: { width: 1, height: 1 } } });
  });
});
