/** The jobs that end with an answer: `evaluate` and `export` from a run's newest good checkpoint, and `doctor`. */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import { readRunSettings } from '../../core/experiments/run-settings.ts';
import { encodeSafetensors } from '../../core/files/safetensors.ts';
import { writeFileAtomically } from '../run-folder/atomic-file.ts';
import { findNewestCheckpoint, readCheckpoint } from '../run-folder/checkpoints.ts';
import { makeFolders } from '../run-folder/make-folders.ts';
import { runPaths } from '../run-folder/run-paths.ts';
import { readSpecFile } from '../run-folder/spec-file.ts';
import type { BuildTraining, BuiltTraining } from './build-training.ts';
import type { Answer, QuestionJob } from './jobs.ts';

/** @throws InputError `no-checkpoint` when the run has none that is good. */
export async function answerQuestion(job: QuestionJob, build: BuildTraining): Promise<Answer> {
  if (job.job === 'doctor') {
    const { diagnoseBackend } = await import('../../core/backend/doctor.ts');
    return { iteration: 0, warnings: [], backend: await diagnoseBackend(job.backend) };
  }
  const paths = runPaths(job.folder);
  const spec = await readSpecFile(paths);
  const { checkpoint, damaged } =
    job.job === 'evaluate' && job.file !== undefined
      ? { checkpoint: await readCheckpoint(paths.folder, job.file), damaged: [] }
      : await findNewestCheckpoint(paths.checkpoints);
  if (checkpoint === undefined) throw new InputError('no-checkpoint', `run ${paths.id} has no good checkpoint yet`);
  const warnings = damaged.map(({ file, reason }) => `${file} is damaged (${reason}); using ${checkpoint.file}`);

  const built = await build(spec, () => {}, paths.folder);
  try {
    await built.training.restore(checkpoint.saved);
    const common = { iteration: built.training.iteration, warnings };
    if (job.job === 'export') return { ...common, files: await exportFiles(job, built) };
    const wanted = job.episodes ?? readRunSettings(spec).evaluationEpisodes;
    const { episodes, loss, score } = await built.training.evaluate(wanted);
    return { ...common, evaluation: { episodes, loss, score } };
  } finally {
    built.training.dispose();
    built.backend.dispose();
  }
}

async function exportFiles({ to, episode }: Extract<QuestionJob, { job: 'export' }>, { training }: BuiltTraining): Promise<string[]> {
  prepareTarget(to);
  const weights = join(to, 'weights.safetensors');
  await writeFileAtomically(weights, encodeSafetensors(await training.weights()));
  if (episode === undefined) return [weights];
  const arrays = join(to, 'episode.safetensors');
  await writeFileAtomically(arrays, encodeSafetensors(await training.exportEpisode(episode)));
  return [weights, arrays];
}

/** @throws InputError `folder-not-writable`. */
function prepareTarget(folder: string): void {
  try {
    makeFolders(folder);
    accessSync(join(folder, '.'), constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new InputError('folder-not-writable', `the folder ${folder} cannot be written${reason}; name another with --to`, {
      cause: error,
    });
  }
}
