/** What the API says of a run. */
import type { RunDetails, RunSummary } from '../../../core/contract/api/runs.ts';
import { experimentOf } from '../../../core/experiments/index.ts';
import { describeReference, judge } from '../../../core/experiments/reference.ts';
import type { LabDatabase } from './database-types.ts';
import { listCheckpoints } from './checkpoints.ts';
import { listEvaluations } from './evaluations.ts';
import { newestHappenings } from './happenings.ts';
import { readRun } from './read-runs.ts';
import type { RunRow } from './run-row.ts';

/** `queuePosition` is 1 for the next queued run of its slot. */
export function toSummary(row: RunRow, folder: string, queuePosition: number | null): RunSummary {
  return {
    id: row.id,
    folder,
    spec: row.spec,
    name: row.name,
    note: row.note,
    group: row.runGroup,
    tags: [...row.tags],
    protected: row.protected,
    status: row.status,
    reasonCode: row.reasonCode,
    reason: row.reason,
    intent: row.intent,
    queuePlace: queuePosition,
    slot: row.slot,
    createdAtMs: row.createdAtMs,
    startedAtMs: row.startedAtMs,
    heardAtMs: row.heardAtMs,
    endedAtMs: row.endedAtMs,
    trashedAtMs: row.trashedAtMs,
    backend: row.backend,
    device: row.device,
    dataset: row.dataset,
    iteration: row.iteration,
    episodes: row.episodes,
    seconds: row.seconds,
    episodesPerSecond: row.episodesPerSecond,
    loss: row.loss,
    score: row.score,
    peakRssBytes: row.peakRssBytes,
    sizeBytes: row.sizeBytes,
    spark: [...row.spark],
  };
}

/** What `RunDetails` adds to a summary, but for the names of its metrics, which are in the other database, and the pictures in its folder. */
export type StoredDetails = Omit<RunDetails, keyof RunSummary | 'metrics' | 'pictures'>;

/** @throws Error when there is no such run. */
export function readDetails(lab: LabDatabase, id: string): StoredDetails {
  const row = readRun(lab, id);
  if (row === undefined) throw new Error(`there is no run ${id}`);
  return {
    environment: { ...row.environment },
    codeVersion: row.codeVersion,
    pid: row.pid,
    attempts: row.attempts,
    picture: row.picture,
    journalProblem: row.journalProblem,
    ...describeStanding(row),
    checkpoints: listCheckpoints(lab, id),
    evaluations: listEvaluations(lab, id),
    happenings: newestHappenings(lab, id, 200),
  };
}

/** How it stands to what is expected of a run with its settings. */
function describeStanding({ spec, episodes, loss, score, dataset }: RunRow): Pick<RunDetails, 'verdict' | 'reference'> {
  const experiment = experimentOf(spec);
  const data = dataset === null ? undefined : { dataset: dataset.format, classes: dataset.classes };
  const reference = describeReference(experiment, spec, data);
  if (loss === null || score === null || data === undefined) return { verdict: null, reference };
  return { verdict: judge(experiment, spec, { episodes, loss, score, ...data }), reference };
}
