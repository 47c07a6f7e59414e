/** Metrics records as a run of the images experiment writes them. */
import type { JournalRecordOf } from '../core/contract/journal-records.ts';

/** Every number of a record that can be asked for by a name: five that each record has, and five of the experiment. */
export const valuesAnIteration = 10;

/** With digits as real ones have. */
export function createMetricsRecord(iteration: number): JournalRecordOf<'metrics'> {
  const noise = Math.sin(iteration * 12.9898) * 0.5 + Math.sin(iteration * 78.233) * 0.5;
  const loss = 20 + 60 * Math.exp(-iteration / 5000) + noise;
  return {
    type: 'metrics',
    iteration,
    episodes: iteration,
    batch: 1,
    seconds: iteration * 0.1954321,
    episodesPerSecond: 5.14 + noise / 10,
    rssBytes: 297_000_000 + (iteration % 1000) * 4096,
    values: { loss, relativeError: loss / 100, learningRate: 1e-4, eta: 0.01 + noise / 1e4, gradientNorm: 3 + noise },
  };
}
