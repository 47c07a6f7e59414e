/** Puts a training where the run left off: the newest checkpoint that is intact, or the beginning. */
import { InputError } from '../../core/contract/errors.ts';
import { findNewestCheckpoint, recordOfFound, tidyCheckpoints } from '../run-folder/checkpoints.ts';
import type { Extension } from '../../core/contract/extension.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import type { BuiltTraining } from './build-training.ts';
import { describeEnvironment } from './environment.ts';
import type { Session } from './session.ts';

/**
 * Restores the newest good checkpoint and says so in the journal.
 * @returns seconds of training before it.
 * @throws InputError `dataset-changed` when the data are not those that the run began with.
 */
export async function takeUp(
  session: Session,
  { training, backend, dataset }: BuiltTraining,
  { extensions = [] }: Pick<RunSpec, 'extensions'>,
): Promise<number> {
  const { history, journal, paths } = session;
  const before = history.start;
  if (before !== undefined && before.dataset.sha256 !== dataset.sha256) {
    throw new InputError('dataset-changed', `the data set ${dataset.name} is not the one that this run began with: its contents differ`);
  }

  const found = await findNewestCheckpoint(paths.checkpoints);
  for (const { file, reason } of found.damaged) {
    session.event('checkpoint-damaged', `${file} is damaged (${reason}); going back to the checkpoint before it`);
  }
  await tidyCheckpoints(paths.checkpoints, found);
  if (found.checkpoint !== undefined) await training.restore(found.checkpoint.saved);

  const { iteration, episodes } = training;
  journal.append({
    type: 'start',
    atMs: Date.now(),
    iteration,
    episodes,
    pid: process.pid,
    backend: backend.name,
    device: backend.device,
    dataset,
    environment: { ...describeEnvironment(), ...Object.fromEntries(extensions.map(describeCode)) },
  });
  if (before !== undefined || found.checkpoint !== undefined) {
    const file = found.checkpoint?.file;
    journal.append({ type: 'rewind', atMs: Date.now(), iteration, episodes, ...(file === undefined ? {} : { file }) });
  }
  // Its trainer was killed between the file and the record.
  const isKnown = history.checkpoints.some(({ file }) => file === found.checkpoint?.file);
  if (found.checkpoint !== undefined && !isKnown) journal.append(recordOfFound(found.checkpoint));
  journal.flush();
  return found.checkpoint?.seconds ?? 0;
}

/** What of the user's the run works with, and its code's SHA-256. */
function describeCode({ kind, name, sha256 }: Extension): [name: string, text: string] {
  return [`${kind} ${name}`, `SHA-256 ${sha256}`];
}
