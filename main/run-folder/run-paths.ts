/** Where things lie in a run folder. */
import { basename, join, resolve } from 'node:path';

export interface RunPaths {
  /** The folder's own name. */
  readonly id: string;
  readonly folder: string;
  readonly spec: string;
  readonly journal: string;
  /** What the trainer and the libraries beneath it printed. */
  readonly log: string;
  readonly checkpoints: string;
  /** Of held-out episodes, drawn on the way. */
  readonly pictures: string;
  readonly lock: string;
  /** While it exists, the trainer is asked to leave. */
  readonly stop: string;
}

export function runPaths(folder: string): RunPaths {
  const absolute = resolve(folder);
  return {
    id: basename(absolute),
    folder: absolute,
    spec: join(absolute, 'spec.json'),
    journal: join(absolute, 'journal'),
    log: join(absolute, 'trainer.log'),
    checkpoints: join(absolute, 'checkpoints'),
    pictures: join(absolute, 'pictures'),
    lock: join(absolute, 'trainer.lock'),
    stop: join(absolute, 'stop'),
  };
}
