/** What the host says of its experiments: presets, scores, what they are trained on. */
import type { ExperimentDescription, ScoreDescription } from '../core/contract/api/experiments.ts';
import { defaultDatasets, suits, type DatasetFormat } from '../core/contract/dataset-description.ts';
import { host } from './host.svelte.ts';

/** While an experiment is not known. */
const someScore: ScoreDescription = { name: 'score', label: 'score', meaning: '', better: 'lower', format: 'number' };

class Experiments {
  #known = $state.raw<ReadonlyMap<string, ExperimentDescription>>(new Map());

  readonly #scores = $derived(new Map([...this.#known.values()].map(({ score }) => [score.name, score])));

  /** Names that were missing, and asked for: tasks of the user's may be added at any time. */
  readonly #missed = new Set<string>();

  /** Once for each host. */
  async load(): Promise<void> {
    this.put(await host.call((api) => api.experiments.list()));
  }

  put(experiments: readonly ExperimentDescription[]): void {
    this.#known = new Map(experiments.map((experiment) => [experiment.name, experiment]));
  }

  get(name: string): ExperimentDescription | undefined {
    const found = this.#known.get(name);
    if (found === undefined && this.#known.size > 0 && !this.#missed.has(name)) {
      this.#missed.add(name);
      this.load().catch(() => {
        // The next connection asks again.
      });
    }
    return found;
  }

  /** The first one that can be trained on data sets of this format. */
  findFor(format: DatasetFormat): ExperimentDescription | undefined {
    return [...this.#known.values()].find(({ data }) => suits(data, format));
  }

  /** By what the runs of an experiment are judged. */
  scoreOf(name: string | undefined): ScoreDescription {
    return (name === undefined ? undefined : this.get(name))?.score ?? someScore;
  }

  /** What a run is trained on that names no data set; undefined where it takes none. */
  usualDataset(name: string): string | undefined {
    return defaultDatasets[this.#known.get(name)?.data ?? 'generated'] ?? undefined;
  }

  /** The score that a metric is, of whatever experiment; undefined of other metrics. */
  findScore(metric: string): ScoreDescription | undefined {
    return this.#scores.get(metric);
  }

  /** The metrics that are scores. */
  get scores(): string[] {
    return [...this.#scores.keys()];
  }
}

export const experiments = new Experiments();
