/** The metrics of runs in words. */
import { experiments } from '../experiments.svelte.ts';
import { sayName } from '../run/configuration.ts';
import { capitalise } from '../say-score.ts';

export interface MetricWords {
  readonly label: string;
  readonly unit: 'number' | 'percent' | 'bytes';
  /** For what is read better so. */
  readonly isLog?: boolean;
}

const known: Readonly<Record<string, MetricWords>> = {
  loss: { label: 'Loss', unit: 'number' },
  learningRate: { label: 'Learning rate', unit: 'number' },
  eta: { label: 'eta', unit: 'number' },
  gradientNorm: { label: 'Gradient norm', unit: 'number' },
  episodesPerSecond: { label: 'Episodes a second', unit: 'number' },
  rssBytes: { label: 'Memory of the trainer', unit: 'bytes' },
};

/** What every iteration has beside its metrics: the axes, and the batch. */
const bookkeeping = ['episodes', 'seconds', 'batch'];

export function metricWords(name: string): MetricWords {
  const score = experiments.findScore(name);
  return known[name] ?? (score ? { label: capitalise(score.label), unit: score.format } : { label: sayName(name), unit: 'number' });
}

/** Those that have a chart, the important ones first. */
export function chartedMetrics(names: readonly string[]): string[] {
  const [first, ...others] = Object.keys(known);
  const order = [first, ...experiments.scores, ...others];
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return names.filter((name) => !bookkeeping.includes(name)).sort((a, b) => place(a) - place(b));
}
