/** The open lab: databases, queue and jobs, as the procedures of the contract use them. */
import { join } from 'node:path';
import type { Job } from '../../core/contract/api/lab.ts';
import { FailureError, InputError } from '../../core/contract/errors.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import { removeStaleImports } from '../archive/importing-folder.ts';
import { extensionsFolder } from '../extensions/extension-files.ts';
import { createExtensionLister, type ExtensionLister } from '../extensions/list-extensions.ts';
import { runsFolder } from '../run-folder/data-folder.ts';
import { createChanges, type Changes } from './changes.ts';
import { createDatasets, type Datasets } from './datasets/datasets.ts';
import { checkDatasetOf, findDatasetProblem } from './datasets/of-runs.ts';
import { rebuildLab } from './follow/rebuild.ts';
import type { HostLog } from './host-log.ts';
import { checkMemory, memoryFor, type Memory } from './experiments/check-memory.ts';
import { estimateRun } from './experiments/estimate-run.ts';
import { createBackends, type Backends } from './experiments/examine-backends.ts';
import { createInspector, type Inspector } from './inspector/inspector.ts';
import { createJobRunner, type JobContext, type JobRunner } from './jobs/job-runner.ts';
import { createGpuReader } from './machine/gpus.ts';
import { createQueue, type Queue } from './queue/queue.ts';
import { createSlots } from './queue/slots.ts';
import { createRuntime, type Runtime } from './runtime/runtime.ts';
import { carryOver } from './carry-over.ts';
import { completeSpecs } from './store/complete-specs.ts';
import { openStores, type Stores } from './store/open-stores.ts';
import { beginReplacement, endReplacement, undoReplacement } from './store/replacement.ts';
import { readSettings } from './store/settings.ts';

export interface LabOptions {
  readonly dataFolder: string;
  /** The program that trainer processes run. */
  readonly trainerEntry: string;
  /** The program that brings the TensorFlow runtime; Engram's own without. */
  readonly setUpScript?: string;
  readonly log: HostLog;
}

export interface Lab extends LabOptions {
  /** @throws FailureError `rebuilding` while the databases are made anew; so does `queue`. */
  readonly stores: Stores;
  readonly queue: Queue;
  readonly jobs: JobRunner;
  readonly datasets: Datasets;
  readonly extensions: ExtensionLister;
  readonly inspector: Inspector;
  readonly backends: Backends;
  readonly runtime: Runtime;
  readonly changes: Changes;
  /** What start-up and housekeeping found and did. */
  readonly notices: readonly string[];
  /** Adds a notice, which also goes to the log. */
  tell(notice: string): void;
  /** Whether the host has to stay, clients or not. */
  isBusy(): boolean;
  /** Makes both databases anew from the run folders, as a job; settings, views, data sets and the states of runs are kept. */
  startRebuild(): Job;
  /** Leaves trainers alone. */
  close(): Promise<void>;
}

interface Session {
  readonly stores: Stores;
  readonly queue: Queue;
}

/**
 * Opens the lab's databases, and takes up the runs that an earlier host left.
 * @throws FailureError or InputError, as `openStores`.
 */
export async function openLab(options: LabOptions): Promise<Lab> {
  const { dataFolder, log } = options;
  const changes = createChanges();
  const jobs = createJobRunner(log);
  const notices: string[] = [];
  let session: Session | undefined;
  const current = (): Session => {
    if (session !== undefined) return session;
    throw new FailureError('rebuilding', `the databases in ${dataFolder} are being made anew; try again in a moment`);
  };
  const open = async (stores: Stores, fill: (stores: Stores) => Promise<void>) => {
    notices.push(...stores.notices);
    try {
      await fill(stores);
    } finally {
      completeSpecs(stores.lab);
      const queue = openQueue(options, stores, changes);
      session = { stores, queue };
      notices.push(...(await queue.start()));
    }
  };
  const close = () => {
    session?.queue.close();
    session?.stores.close();
    session = undefined;
  };
  const rebuild = async ({ signal, report }: JobContext) => {
    const carried = carryOver(current().stores.lab);
    close();
    const aside = beginReplacement(dataFolder).map((name) => join(dataFolder, name));
    await open(openStores(dataFolder, 'anew'), async (stores) => {
      carried.putGeneral(stores.lab);
      const onProgress = (done: number, total: number) => report('reading run folders', done, total);
      try {
        await rebuildLab(stores, runsFolder(dataFolder), { slotOf: createSlots().slotOf, onProgress, signal });
      } finally {
        carried.putRunStates(stores.lab);
        endReplacement(dataFolder);
      }
    });
    return aside;
  };

  await removeStaleImports(runsFolder(dataFolder));
  const inspector = await createInspector(options);
  const backends = createBackends(options.trainerEntry);
  notices.push(...undoReplacement(dataFolder));
  await open(openStores(dataFolder), () => Promise.resolve());
  return {
    ...options,
    jobs,
    inspector,
    backends,
    runtime: createRuntime({ ...options, jobs, backends }),
    extensions: createExtensionLister(extensionsFolder(dataFolder)),
    datasets: createDatasets({ dataFolder, jobs, log, stores: () => current().stores }),
    changes,
    notices,
    tell: (notice) => {
      notices.push(notice);
      log.error(notice);
    },
    get stores() {
      return current().stores;
    },
    get queue() {
      return current().queue;
    },
    isBusy: () => jobs.active > 0 || session?.queue.busy !== false,
    startRebuild: () => jobs.start('rebuild', 'making the databases anew', rebuild),
    close: async () => {
      await jobs.close();
      await inspector.close();
      close();
    },
  };
}

function openQueue({ dataFolder, trainerEntry, log }: LabOptions, stores: Stores, changes: Changes): Queue {
  const readGpus = createGpuReader();
  const queue = createQueue({
    stores,
    dataFolder,
    trainerEntry,
    settings: () => readSettings(stores.lab),
    checkDataset: (spec) => findDatasetProblem(stores.lab, spec),
    checkRun: async (spec, slot) => {
      checkDatasetOf(stores.lab, spec);
      const memory = await memoryFor(spec, slot, readGpus);
      if (memory !== undefined) await checkSpecMemory(stores, spec, extensionsFolder(dataFolder), memory);
    },
    log: (line) => log.info(line),
  });
  queue.onChange(changes.changed);
  queue.onRecords(changes.changed);
  return queue;
}

/** @throws InputError where a file of the user's refuses the parameters, or as `checkMemory`. What cannot be said soon, its trainer finds out. */
async function checkSpecMemory({ lab }: Stores, spec: RunSpec, folder: string, memory: Memory): Promise<void> {
  const estimate = await estimateRun(lab, spec, undefined, folder).catch((error: unknown) => {
    if (error instanceof InputError) throw error;
    return undefined;
  });
  if (estimate !== undefined) checkMemory(spec.batch, estimate, memory);
}
