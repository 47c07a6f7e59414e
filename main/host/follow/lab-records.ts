/** What each kind of journal record changes in lab.db. */
import type { JournalRecord, JournalRecordOf } from '../../../core/contract/journal-records.ts';
import { addHappening } from '../store/happenings.ts';
import { putEvaluation } from '../store/evaluations.ts';
import { putCheckpoint, rewindRows } from '../store/journal-rows.ts';
import type { LabDatabase } from '../store/open-stores.ts';
import type { ChangeableColumns, RunRow } from '../store/runs.ts';

/** What of the run's row changes; other tables it changes itself. Progress is taken from `metrics` by `summariseProgress`. */
export function takeRecord(lab: LabDatabase, row: RunRow, record: JournalRecord): Partial<ChangeableColumns> {
  switch (record.type) {
    case 'start':
      addHappening(lab, row.id, {
        source: 'trainer',
        level: 'info',
        name: 'started',
        message: `training on ${record.backend}: ${record.device}`,
        atMs: record.atMs,
      });
      return begin(row, record);
    case 'metrics':
      return {};
    case 'checkpoint':
      putCheckpoint(lab, row.id, record);
      return {};
    case 'evaluation':
      putEvaluation(lab, row.id, { ...record, evaluatedAtMs: Math.round(record.atMs) }, 'trainer');
      return {};
    case 'event':
      addHappening(lab, row.id, {
        source: 'trainer',
        level: record.level ?? 'info',
        name: record.name,
        message: record.message,
        atMs: record.atMs,
      });
      return {};
    case 'log':
      addHappening(lab, row.id, { source: 'trainer', level: record.level, name: 'log', message: record.message, atMs: record.atMs });
      return {};
    case 'rewind':
      return goBack(lab, row, record);
    case 'end':
      return end(row, record);
  }
}

function begin(row: RunRow, record: JournalRecordOf<'start'>): Partial<ChangeableColumns> {
  return {
    status: 'running',
    // Who has asked it meanwhile to pause or stop has said why.
    ...(row.intent === null ? { reasonCode: null, reason: null } : {}),
    queuePlace: null,
    startedAtMs: row.startedAtMs ?? Math.round(record.atMs),
    endedAtMs: null,
    backend: record.backend,
    device: record.device,
    dataset: record.dataset,
    datasetSha256: record.dataset.sha256,
    environment: record.environment,
    codeVersion: record.environment['engram'] ?? null,
    pid: record.pid,
  };
}

function goBack(lab: LabDatabase, row: RunRow, record: JournalRecordOf<'rewind'>): Partial<ChangeableColumns> {
  const { iteration, episodes, atMs } = record;
  rewindRows(lab, row.id, record);
  if (iteration >= row.iteration) return {};
  const message = `went back from iteration ${row.iteration} to ${iteration}`;
  addHappening(lab, row.id, { source: 'trainer', level: 'info', name: 'rewound', message, atMs });
  return { iteration, episodes };
}

const stoppedBySystem = {
  code: 'stopped-by-system',
  message: 'the system asked its trainer to leave, as when it shuts down; it had saved before',
};

/** Whoever of the lab asked it to leave has said so in its row. */
function statusOf({ intent }: RunRow, { status, bySystem }: JournalRecordOf<'end'>): RunRow['status'] {
  if (status !== 'stopped') return status;
  if (intent === 'pause') return 'paused';
  return intent === null && bySystem === true ? 'interrupted' : 'stopped';
}

function end(row: RunRow, record: JournalRecordOf<'end'>): Partial<ChangeableColumns> {
  const status = statusOf(row, record);
  const error = status === 'interrupted' ? stoppedBySystem : record.error;
  // Who paused it has said why.
  const why = status === 'paused' ? {} : { reasonCode: error?.code ?? null, reason: error?.message ?? null };
  return {
    ...why,
    status,
    intent: null,
    endedAtMs: Math.round(record.atMs),
    iteration: record.iteration,
    episodes: record.episodes,
    seconds: record.seconds,
    episodesPerSecond: record.episodesPerSecond,
    peakRssBytes: Math.max(row.peakRssBytes ?? 0, Math.round(record.peakRssBytes)),
    ...(record.loss === undefined ? {} : { loss: record.loss }),
    ...(record.score === undefined ? {} : { score: record.score }),
    ...(record.picture === undefined ? {} : { picture: record.picture }),
  };
}
