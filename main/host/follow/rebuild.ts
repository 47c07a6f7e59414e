/** Makes what the databases lack from the run folders. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import { readAbout } from '../../run-folder/about-file.ts';
import { readLockHolder } from '../../run-folder/process-lock.ts';
import { runPaths, type RunPaths } from '../../run-folder/run-paths.ts';
import { readSpecFile } from '../../run-folder/spec-file.ts';
import { listCheckpoints, markCheckpointsRemoved } from '../store/checkpoints.ts';
import type { Stores } from '../store/open-stores.ts';
import { changeRun, insertRuns, readRun, type RunSlot } from '../store/runs.ts';
import { createFollower } from './follower.ts';

export interface RebuildOptions {
  /** The slot of a run whose row is made anew. */
  readonly slotOf: (spec: RunSpec) => RunSlot;
  /** Runs that are done, and how many there are. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface RebuildResult {
  /** Ids of runs that were not in the database. */
  readonly added: readonly string[];
  /** Run folders that cannot be taken in, and why. */
  readonly skipped: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Takes in every run folder that lab.db does not know: spec, what people said of it, and everything its journal says. Of all runs, what the
 * journals have and a database lacks is read on. Other work gets its turn in between; runs that train meanwhile are no hindrance.
 * @throws FailureError `disk-full`, or the signal's reason; what was taken in by then stays.
 */
export async function rebuildLab(stores: Stores, runsFolder: string, options: RebuildOptions): Promise<RebuildResult> {
  const { onProgress = () => {}, signal } = options;
  const ids = readdirSync(runsFolder).filter((id) => existsSync(join(runsFolder, id, 'spec.json')));
  const added: string[] = [];
  const skipped: { id: string; reason: string }[] = [];
  for (const [done, id] of ids.sort().entries()) {
    onProgress(done, ids.length);
    const paths = runPaths(join(runsFolder, id));
    const isNew = readRun(stores.lab, id) === undefined;
    if (isNew) {
      const reason = await takeIn(stores, paths, options);
      if (reason !== undefined) {
        skipped.push({ id, reason });
        continue;
      }
      added.push(id);
    }
    await readOn(stores, paths, signal);
    if (isNew) settle(stores, paths);
  }
  onProgress(ids.length, ids.length);
  return { added, skipped };
}

/** Makes the row of a run, or says why it cannot be made. */
async function takeIn({ lab }: Stores, paths: RunPaths, { slotOf }: RebuildOptions): Promise<string | undefined> {
  let spec: RunSpec;
  try {
    spec = await readSpecFile(paths);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const about = readAbout(paths);
  const createdAtMs = about?.createdAtMs ?? Math.round(statSync(paths.spec).birthtimeMs);
  insertRuns(lab, [{ id: paths.id, spec, slot: slotOf(spec), status: 'interrupted', ...about, createdAtMs }]);
  return undefined;
}

async function readOn(stores: Stores, paths: RunPaths, signal: AbortSignal | undefined): Promise<void> {
  const follower = createFollower(stores, paths.id, paths);
  for (let more = true; more;) {
    signal?.throwIfAborted();
    ({ more } = follower.poll(1));
    await nextTurn();
  }
}

/** Sets what the journal of a run that was made anew does not say. */
function settle({ lab }: Stores, paths: RunPaths): void {
  const missing = listCheckpoints(lab, paths.id).filter(({ file }) => !existsSync(join(paths.folder, file)));
  markCheckpointsRemoved(
    lab,
    paths.id,
    missing.map(({ file }) => file),
  );
  const { status } = readRun(lab, paths.id)!;
  if (status !== 'running' && status !== 'interrupted') return;
  if (readLockHolder(paths.lock) !== undefined) changeRun(lab, paths.id, { status: 'running' });
  else
    changeRun(lab, paths.id, {
      status: 'interrupted',
      reasonCode: 'trainer-vanished',
      reason: 'it had no trainer when the database was made anew',
    });
}
