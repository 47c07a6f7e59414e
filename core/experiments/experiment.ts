/** What a paper experiment is, as data. */
import type { DatasetDescription } from '../contract/dataset-description.ts';
import type { Origin } from '../contract/origin.ts';
import type { ExperimentName, ParameterValue, VariantName } from '../contract/run-spec.ts';
import type { Parameters } from './parameter.ts';
import type { Reference } from './reference.ts';

export interface Variant {
  readonly name: VariantName;
  readonly meaning: string;
  /** Hyper-parameters that it alone has. */
  readonly parameters?: Parameters;
}

/** A value of the parameter `rule`. */
export interface OwnRule {
  readonly name: string;
  /** Hyper-parameters that runs have under it alone. */
  readonly parameters: Parameters;
}

/** The one number besides the loss by which runs of an experiment are judged, listed and compared. */
export interface Score {
  /** Its name among a run's metrics. */
  readonly name: string;
  /** "relative error", in the middle of a sentence. */
  readonly label: string;
  readonly meaning: string;
  readonly better: 'lower' | 'higher';
  /** How people read it: as it is, or in per cent. */
  readonly format: 'number' | 'percent';
  /**
   * How episodes are averaged: each counts the same, or the mean loss is divided by the mean loss of answering zero (a mean of the episodes'
   * own ratios would be ruled by those with next to nothing to recall).
   */
  readonly average: 'episodes' | 'losses';
  /** Where an episode is one answer, right (1) or wrong (0): means over held-out episodes have an interval. */
  readonly countsAnswers?: true;
}

/** A published setting under a name; what it does not say is as in the experiment's own defaults. */
export interface Preset {
  readonly name: string;
  readonly title: string;
  /** Of the values that `origins` does not name. */
  readonly source: string;
  readonly origins?: Readonly<Record<string, Origin>>;
  readonly variant: VariantName;
  readonly episodes: number;
  readonly batch?: number;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
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
  /** Those of the user's that have hyper-parameters of their own. */
  readonly rules?: readonly OwnRule[];
  readonly score: Score;
  /** What its episodes are drawn from: a data set that the user may choose, or nothing but the seed. */
  readonly data: 'images' | 'characters' | 'generated';
  readonly parameters: Parameters;
  /** Parameters that contradict each other. @throws InputError naming the rule and the values. */
  readonly check?: (values: Readonly<Record<string, ParameterValue>>) => void;
  /** What is known of a data set before it is opened; `values` are checked, and the user's own may be among them. @throws InputError where a run with these parameters cannot be trained on it. */
  readonly checkDataset?: (values: Readonly<Record<string, ParameterValue>>, dataset: DatasetDescription) => void;
  /** Training episodes of the preset. */
  readonly episodes: number;
  /** Episodes an iteration of the preset. */
  readonly batch: number;
  /** Besides the one that the defaults are. */
  readonly presets: readonly Preset[];
  readonly references: readonly Reference[];
  /** Why a run that should have learned something has not, the likeliest first: each goes on with "usual causes:". */
  readonly usualCauses: readonly string[];
  /** Differences from the paper that no single parameter names. */
  readonly deviations: readonly string[];
}
