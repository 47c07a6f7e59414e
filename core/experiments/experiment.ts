/** What a paper experiment is, as data. */
import type { ExperimentName, VariantName } from '../contract/run-spec.ts';
import type { Parameters } from './parameter.ts';

export interface Variant {
  readonly name: VariantName;
  readonly meaning: string;
}

export interface Experiment {
  readonly name: ExperimentName;
  readonly title: string;
  /** One or two sentences: what the network has to do. */
  readonly summary: string;
  /** Paper, version and section. */
  readonly source: string;
  /** The first is the default. */
  readonly variants: readonly [Variant, ...Variant[]];
  readonly parameters: Parameters;
  /** Training episodes of the preset. */
  readonly episodes: number;
  /** Episodes an iteration of the preset. */
  readonly batch: number;
  /** Differences from the paper that no single parameter names. */
  readonly deviations: readonly string[];
}
