/** Makes what the databases lack from the run folders. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import { readAbout } from '../../run-folder/about-file.ts';
import { readLockHolder } from '../../run-folder/process-lock.ts';
import { timeOfRunId } from '../../run-folder/run-id.ts';
import { runPaths, type RunPaths } from '../../run-folder/run-paths.ts';
import { readSpecFile } from '../../run-folder/spec-file.ts';
import { describeAbout } from '../store/about-mirror.ts';
import { listCheckpoints, markCheckpointsRemoved } from '../store/checkpoints.ts';
import { replaceEvaluationsOfPeople } from '../store/evaluations.ts';
import type { Stores } from '../store/open-stores.ts';
import { replaceTried } from '../store/tried.ts';
import { addTags, changeRun, insertRuns, readRun, removeTags, type RunSlot } from '../store/runs.ts';
import { measureFolder } from '../queue/folder-size.ts';
import { createFollower } from './follower.ts';

export interface RebuildOptions {
  /** The slot of a run whose row is made anew. */
  readonly slotOf: (spec: RunSpec) => RunSlot;
  /** The only runs to look at; all of the folder without. */
  readonly ids?: readonly string[];
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
 * Takes in every run folder that lab.db does not know, or those of `ids` alone: spec, what people said of it, and everything its journal says.
 * Of those that it knows, what the journals have and a database lacks is read on; where lab.db is a backup, what people said since then is
 * taken from the folders. Other work gets its turn in between. Runs that train meanwhile are no hindrance; runs that are being made have
 * folders before they have rows, and would be taken in as well: while that can happen, name `ids`.
 * @throws FailureError `disk-full`, or the signal's reason; what was taken in by then stays.
 */
export async function rebuildLab(stores: Stores, runsFolder: string, options: RebuildOptions): Promise<RebuildResult> {
  const { onProgress = () => {}, signal } = options;
  const ids = (options.ids ?? readdirSync(runsFolder)).filter((id) => existsSync(join(runsFolder, id, 'spec.json')));
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
    } else if (stores.isFromBackup) takeAbout(stores, paths);
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
  const createdAtMs = about?.createdAtMs ?? timeOfRunId(paths.id) ?? Math.round(statSync(paths.spec).mtimeMs);
  insertRuns(lab, [{ id: paths.id, spec, slot: slotOf(spec), status: 'interrupted', ...about, createdAtMs }]);
  return undefined;
}

/** What people said of a run that lab.db knows from an earlier time. */
function takeAbout({ lab }: Stores, paths: RunPaths): void {
  const about = readAbout(paths);
  if (about === undefined) return;
  if (isDeepStrictEqual(about, describeAbout(lab, paths.id))) return;
  const { name, note, group: runGroup, protected: isProtected, tags, tried = [], evaluated = [] } = about;
  lab.transaction(() => {
    removeTags(lab, paths.id, readRun(lab, paths.id)!.tags);
    addTags(lab, paths.id, tags);
    replaceTried(lab, paths.id, tried);
    replaceEvaluationsOfPeople(lab, paths.id, evaluated);
    changeRun(lab, paths.id, { name, note, runGroup, protected: isProtected });
  });
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
  changeRun(lab, paths.id, { sizeBytes: measureFolder(paths.folder) });
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
