/** What all parts of the queue share: the stores, where runs lie, and who is told of changes. */
import { join } from 'node:path';
import { runsFolder } from '../../run-folder/data-folder.ts';
import { runPaths, type RunPaths } from '../../run-folder/run-paths.ts';
import { addHappening } from '../store/happenings.ts';
import type { LabDatabase } from '../store/open-stores.ts';
import { changeRun, readRun, type ChangeableColumns, type RunRow } from '../store/runs.ts';
import { InputError } from '../../../core/contract/errors.ts';
import type { ChangeListener, QueueOptions, RecordsListener } from './queue-types.ts';

export interface QueueContext extends QueueOptions {
  readonly lab: LabDatabase;
  readonly now: () => number;
  readonly log: (line: string) => void;
  readonly recordsListeners: Set<RecordsListener>;
  readonly changeListeners: Set<ChangeListener>;
  paths(id: string): RunPaths;
  /** @throws InputError `unknown-run`. */
  read(id: string): RunRow;
  /** Writes the changes and tells who listens. */
  change(id: string, changes: Partial<ChangeableColumns>): RunRow;
  changed(id: string): void;
  /** Notes that this happened to the run. */
  note(id: string, name: string, message: string, how?: { level?: 'info' | 'warning' | 'error'; source?: 'host' | 'person' }): void;
}

export function createContext(options: QueueOptions): QueueContext {
  const { lab } = options.stores;
  const now = options.now ?? Date.now;
  const changeListeners = new Set<ChangeListener>();
  const changed = (id: string) => {
    for (const listener of changeListeners) listener(id);
  };
  return {
    ...options,
    lab,
    now,
    log: options.log ?? (() => {}),
    recordsListeners: new Set(),
    changeListeners,
    paths: (id) => runPaths(join(runsFolder(options.dataFolder), id)),
    read: (id) => {
      const row = readRun(lab, id);
      if (row === undefined) throw new InputError('unknown-run', `there is no run "${id}" in ${options.dataFolder}`);
      return row;
    },
    change: (id, changes) => {
      const row = changeRun(lab, id, changes);
      changed(id);
      return row;
    },
    changed,
    note: (id, name, message, { level = 'info', source = 'host' } = {}) => {
      addHappening(lab, id, { source, level, name, message, atMs: now() });
    },
  };
}
