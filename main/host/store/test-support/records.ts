/** Journal records with as little said as a test needs (not used by the product). */
import type { JournalRecordOf } from '../../../../core/contract/journal-records.ts';

export function startRecord(more: Partial<JournalRecordOf<'start'>> = {}): JournalRecordOf<'start'> {
  return {
    type: 'start',
    atMs: 1000,
    iteration: 0,
    episodes: 0,
    pid: 42,
    backend: 'cpu',
    device: 'CPU',
    dataset: { name: 'photographs', format: 'photographs', sha256: 'ab', note: '' },
    environment: { engram: '0.1.0' },
    ...more,
  };
}

/** One episode an iteration, a second each. */
export function metricsRecord(iteration: number, values: Record<string, number>): JournalRecordOf<'metrics'> {
  const own = { iteration, episodes: iteration, batch: 1, seconds: iteration, episodesPerSecond: 1, rssBytes: 1e6 + iteration };
  return { type: 'metrics', ...own, values };
}

export function rewindRecord(iteration: number): JournalRecordOf<'rewind'> {
  return { type: 'rewind', atMs: 2000, iteration, episodes: iteration };
}

export function checkpointRecord(iteration: number): JournalRecordOf<'checkpoint'> {
  const file = `checkpoints/${String(iteration).padStart(9, '0')}.safetensors`;
  return {
    type: 'checkpoint',
    atMs: 3000,
    iteration,
    episodes: iteration,
    seconds: iteration,
    kind: 'full',
    file,
    bytes: 10,
    sha256: 'cd',
  };
}

export function evaluationRecord(iteration: number): JournalRecordOf<'evaluation'> {
  return { type: 'evaluation', atMs: 3500, iteration, episodes: iteration, heldOutEpisodes: 10, loss: 5, score: 0.5 };
}

export function endRecord(iteration: number, more: Partial<JournalRecordOf<'end'>> = {}): JournalRecordOf<'end'> {
  const progress = { iteration, episodes: iteration, seconds: iteration, episodesPerSecond: 1, peakRssBytes: 2e6 };
  return { type: 'end', atMs: 4000, status: 'finished', ...progress, ...more };
}
