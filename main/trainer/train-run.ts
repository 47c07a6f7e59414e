/** The job `train`: begins a run or takes it up, and writes how it ended. */
import { join } from 'node:path';
import { EngramError, InputError } from '../../core/contract/errors.ts';
import { exitCodeFor, exitCodes } from '../../core/contract/exit-codes.ts';
import type { JournalRecordOf } from '../../core/contract/journal-records.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import type { Score } from '../../core/experiments/experiment.ts';
import { experimentOf } from '../../core/experiments/index.ts';
import { encodePng } from '../../core/files/png.ts';
import type { Training } from '../../core/training/training.ts';
import { explainOwnCode } from '../extensions/import-extension.ts';
import { writeFileAtomically } from '../run-folder/atomic-file.ts';
import { findNewestCheckpoint } from '../run-folder/checkpoints.ts';
import { runPaths, type RunPaths } from '../run-folder/run-paths.ts';
import { readSpecFile, writeSpecFile } from '../run-folder/spec-file.ts';
import type { BuildTraining, BuiltTraining } from './build-training.ts';
import { trainerExitCodes, type TrainJob } from './jobs.ts';
import { createRecentMeans } from './recent-means.ts';
import { openSession, type Session } from './session.ts';
import { forgetOldRequest, listenForStop } from './stop-signal.ts';
import { takeUp } from './take-up.ts';
import { runTrainingLoop, type Tally } from './training-loop.ts';
import { watchVerdict } from './verdict-watch.ts';

const pictureName = 'picture.png';

/** Trains the run in `folder`. Returns the process's exit code; everything else is in the journal. */
export async function trainRun({ folder, episodes }: TrainJob, build: BuildTraining): Promise<number> {
  const paths = runPaths(folder);
  const stop = listenForStop(paths);
  const session = openSession(paths);
  forgetOldRequest(paths);
  let progress = createProgress(session);
  try {
    const spec = await extendSpec(paths, episodes);
    progress = createProgress(session, experimentOf(spec).score);
    const built = await build(spec, (line) => session.log('info', line), folder);
    try {
      const secondsBefore = await takeUp(session, built, spec);
      // One that could not be taken up stands where it stood, not at the beginning.
      progress.training = built.training;
      progress.begin(secondsBefore, built.training.iteration);
      const watch = watchVerdict(spec, built.dataset, built.training, progress.recent, session);
      await runTrainingLoop(built.training, spec, session, progress, stop, watch.look);
      progress.stopClock();
      const finished = built.training.episodes >= spec.episodes;
      const picture = finished ? await drawPicture(built.training, paths) : undefined;
      const verdict = watch.judge();
      session.journal.append(
        endRecord(progress, {
          status: finished ? 'finished' : 'stopped',
          ...(!finished && stop.bySystem ? { bySystem: true } : {}),
          ...(picture === undefined ? {} : { picture }),
          ...(verdict === undefined ? {} : { verdict }),
        }),
      );
      // Whoever asked it to stop may take the request back only when the answer can be read.
      session.journal.sync();
      return finished ? exitCodes.success : exitCodes.interrupted;
    } finally {
      dispose(built);
    }
  } catch (error) {
    return await endInFailure(error, session, progress);
  } finally {
    stop.clear();
    closeQuietly(session);
  }
}

interface Progress extends Tally {
  training?: Training;
  /** The clock runs from here, after `secondsBefore`; earlier iterations up to this one count among the recent ones. */
  begin(secondsBefore: number, iteration: number): void;
  stopClock(): void;
  /** Where the run stood when this session came. */
  readonly before: { readonly iteration: number; readonly episodes: number };
}

/** @param score undefined until the run's spec is known. */
function createProgress({ history }: Session, score?: Score): Progress {
  const last = history.metrics.at(-1) ?? { iteration: 0, episodes: 0, seconds: 0 };
  const recent = createRecentMeans(score?.average ?? 'episodes');
  let seconds = () => last.seconds;
  return {
    before: { iteration: last.iteration, episodes: last.episodes },
    recent,
    seconds: () => seconds(),
    stopClock() {
      const total = seconds();
      seconds = () => total;
    },
    begin(secondsBefore, iteration) {
      const begunMs = performance.now();
      seconds = () => secondsBefore + (performance.now() - begunMs) / 1000;
      for (const { batch, values, ...metrics } of history.metrics) {
        const { loss } = values;
        const own = score === undefined ? undefined : values[score.name];
        if (metrics.iteration <= iteration && loss !== undefined && own !== undefined) recent.add(batch, loss, own);
      }
    },
  };
}

/** @throws InputError `episodes-fewer` when the run has, or was to have, more already. */
async function extendSpec(paths: RunPaths, episodes: number | undefined): Promise<RunSpec> {
  const spec = await readSpecFile(paths);
  if (episodes === undefined || episodes === spec.episodes) return spec;
  if (episodes < spec.episodes)
    throw new InputError(
      'episodes-fewer',
      `this run is to have ${spec.episodes} episodes; --episodes can raise that, not lower it to ${episodes}`,
    );
  const extended = { ...spec, episodes };
  await writeSpecFile(paths, extended);
  return extended;
}

async function drawPicture(training: Training, { folder }: RunPaths): Promise<string | undefined> {
  const picture = await training.draw();
  if (picture === undefined) return undefined;
  await writeFileAtomically(join(folder, pictureName), encodePng(picture));
  return pictureName;
}

function endRecord(
  { training, before, recent, ...progress }: Progress,
  how: Pick<JournalRecordOf<'end'>, 'status' | 'bySystem' | 'picture' | 'verdict' | 'error'>,
): JournalRecordOf<'end'> {
  const { iteration, episodes } = training ?? before;
  const means = recent.means();
  const seconds = progress.seconds();
  return {
    type: 'end',
    atMs: Date.now(),
    iteration,
    episodes,
    seconds,
    episodesPerSecond: seconds > 0 ? episodes / seconds : 0,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    ...(means === undefined ? {} : means),
    ...how,
  };
}

async function endInFailure(met: unknown, session: Session, progress: Progress): Promise<number> {
  const error = explainOwnCode(met);
  const { kind, code, message } = await describe(error, session.paths);
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  try {
    session.journal.append(endRecord(progress, { status: 'failed', error: { kind, code, message } }));
    session.journal.flush();
    return exitCodeFor(error);
  } catch {
    // Nothing can be written any more: the exit code is the only word left.
    return code === 'disk-full' ? trainerExitCodes.diskFull : exitCodes.failure;
  }
}

async function describe(error: unknown, paths: RunPaths): Promise<{ kind: 'input' | 'failure'; code: string; message: string }> {
  if (!(error instanceof EngramError)) {
    return {
      kind: 'failure',
      code: 'unexpected',
      message: `an unexpected error: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  const { kind, code, message } = error;
  if (kind === 'input') return { kind, code, message };
  // That is what has failed.
  if (code === 'checkpoint-unreadable') return { kind, code, message };
  return { kind, code, message: `${message}; ${await describeLast(paths)}` };
}

async function describeLast({ checkpoints }: RunPaths): Promise<string> {
  try {
    const { checkpoint } = await findNewestCheckpoint(checkpoints);
    return checkpoint === undefined ? 'there is no checkpoint yet' : `the last checkpoint is good: ${checkpoint.file}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function dispose({ training, backend }: BuiltTraining): void {
  training.dispose();
  backend.dispose();
}

function closeQuietly(session: Session): void {
  try {
    session.close();
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
  }
}
