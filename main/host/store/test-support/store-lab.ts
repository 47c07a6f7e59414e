/** A throw-away data folder with its stores, and run folders whose journals a test writes (not used by the product). */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalRecord } from '../../../../core/contract/journal-records.ts';
import type { RunSpec } from '../../../../core/contract/run-spec.ts';
import { createRunSpec, type RunChoices } from '../../../../core/experiments/create-run-spec.ts';
import { runsFolder } from '../../../run-folder/data-folder.ts';
import { encodeRecord } from '../../../run-folder/journal-format.ts';
import { runPaths, type RunPaths } from '../../../run-folder/run-paths.ts';
import { openStores, type Stores } from '../open-stores.ts';
import { insertRuns, type NewRun } from '../runs.ts';

export interface StoreLab {
  readonly dataFolder: string;
  readonly stores: Stores;
  paths(id: string): RunPaths;
  /** Puts a run into the database alone. */
  addRun(id: string, run?: Partial<NewRun>): void;
  /** Makes a run's folder with its spec and what its journal is to hold. */
  makeFolder(id: string, records?: readonly JournalRecord[], spec?: RunSpec): RunPaths;
  /** Closes the stores and opens them again, after `meanwhile`. */
  reopen(meanwhile?: () => void): Stores;
  remove(): void;
}

export function createStoreLab(): StoreLab {
  const dataFolder = mkdtempSync(join(tmpdir(), 'engram-store-'));
  let stores: Stores | undefined = openStores(dataFolder);
  const paths = (id: string) => runPaths(join(runsFolder(dataFolder), id));
  return {
    dataFolder,
    get stores() {
      return stores!;
    },
    paths,
    addRun: (id, run = {}) => {
      insertRuns(stores!.lab, [{ id, spec: aSpec(), status: 'running', slot: 'cpu', createdAtMs: 1, ...run }]);
    },
    makeFolder: (id, records = [], spec = aSpec()) => {
      mkdirSync(paths(id).folder, { recursive: true });
      writeFileSync(paths(id).spec, JSON.stringify(spec));
      writeFileSync(paths(id).journal, encodeJournal(records));
      return paths(id);
    },
    reopen: (meanwhile = () => {}) => {
      stores?.close();
      stores = undefined;
      meanwhile();
      stores = openStores(dataFolder);
      return stores;
    },
    remove: () => {
      stores?.close();
      rmSync(dataFolder, { recursive: true });
    },
  };
}

export function aSpec(choices: Partial<RunChoices> = {}): RunSpec {
  return createRunSpec({ experiment: 'images', backend: 'cpu', episodes: 1000, ...choices });
}

/** The records with the numbers from `first`. */
export function encodeJournal(records: readonly JournalRecord[], first = 1): string {
  return records.map((record, index) => encodeRecord(first + index, record)).join('');
}
