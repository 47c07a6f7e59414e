/** What a run is expected to reach, from the paper or from runs of our own, and how one that is going on stands to it. */
import type { RunSpec, VariantName } from '../contract/run-spec.ts';
import { bandAt, type ReferenceBand, type Verdict } from '../contract/verdict.ts';
import type { Experiment } from './experiment.ts';

export interface ReferencePoint {
  readonly episodes: number;
  /** What is expected then, lower end and upper end. */
  readonly low: number;
  readonly high: number;
}

export interface Reference {
  /** The preset whose numbers these are; undefined for the experiment's own defaults. */
  readonly preset?: string;
  readonly variant: VariantName;
  readonly metric: 'loss' | 'score';
  /** Rising in episodes. Between two points the band is straight over the logarithm of the episodes; after the last it stays. */
  readonly points: readonly [ReferencePoint, ...ReferencePoint[]];
  /** Where the numbers come from, and how exact they are. */
  readonly source: string;
  /** Formats of the data sets for which they hold; undefined where there are no others. */
  readonly datasets?: readonly string[];
  /** What a network reaches that learned nothing, and after how many episodes one that learns is clearly better. */
  readonly untrained: { readonly value: number; readonly untilEpisodes: number };
}

/** How a run stands: means over its latest episodes. */
export interface Standing {
  readonly episodes: number;
  readonly loss: number;
  readonly score: number;
  /** Format of its data set. */
  readonly dataset: string;
}

/** A network that learns has come at least this part of the way from `untrained` to the band. */
const clearlyBetter = 0.1;

/** The reference of a run, if its settings are those of a preset that has one. */
export function findReference(experiment: Experiment, spec: RunSpec): Reference | undefined {
  return experiment.references.find((reference) => reference.variant === spec.variant && isOfPreset(experiment, reference.preset, spec));
}

/** The reference of a run for front ends; null without one. */
export function describeReference(experiment: Experiment, spec: RunSpec, dataset: string | undefined): ReferenceBand | null {
  const reference = findReference(experiment, spec);
  if (reference === undefined || (dataset !== undefined && !holdsFor(reference, dataset))) return null;
  const { metric, source, points } = reference;
  return { metric: metric === 'loss' ? 'loss' : experiment.score.name, source, points: points.map((point) => ({ ...point })) };
}

const holdsFor = ({ datasets }: Reference, format: string) => datasets?.includes(format) ?? true;

/** How a run stands to what is expected of it. */
export function judge(experiment: Experiment, spec: RunSpec, standing: Standing): Verdict {
  const reference = findReference(experiment, spec);
  if (reference === undefined) return { kind: 'no-reference', text: 'there is no reference for these settings' };
  if (!holdsFor(reference, standing.dataset)) {
    return { kind: 'no-reference', text: `the reference holds for ${reference.datasets?.join(' or ') ?? ''}, not for ${standing.dataset}` };
  }
  const { metric, points, untrained } = reference;
  const higherIsBetter = metric === 'score' && experiment.score.better === 'higher';
  const value = standing[metric];
  const { low, high } = bandAt([...points], standing.episodes) ?? points[0];
  const [worst, best] = higherIsBetter ? [low, high] : [high, low];
  const isBetter = (a: number, b: number) => (higherIsBetter ? a > b : a < b);
  const name = metric === 'loss' ? 'loss' : experiment.score.label;
  const show = (number: number) => formatValue(experiment, metric, number);
  const range = `${show(low)} to ${show(high)}`;
  const begun = standing.episodes >= points[0].episodes;

  const least = untrained.value + clearlyBetter * (worst - untrained.value);
  if (standing.episodes >= untrained.untilEpisodes && !isBetter(value, least)) {
    const causes = 'usual causes: a learning rate too high or too low, initial weights too large, data without contrast';
    return {
      kind: 'not-learning',
      text: `${name} ${show(value)} is about what an untrained network has (${show(untrained.value)}); ${causes}`,
    };
  }
  if (begun && isBetter(value, best)) return { kind: 'better', text: `${name} ${show(value)} is better than the reference, ${range}` };
  if (begun && !isBetter(worst, value)) return { kind: 'within', text: `${name} ${show(value)} is within the reference, ${range}` };
  const when = begun ? 'at this point' : `after ${points[0].episodes.toLocaleString('en')} episodes`;
  return { kind: 'not-yet', text: `${name} ${show(value)}; the reference is ${range} ${when}` };
}

export function formatValue({ score }: Experiment, metric: Reference['metric'], value: number): string {
  return metric === 'score' && score.format === 'percent' ? `${(100 * value).toPrecision(3)} %` : value.toPrecision(3);
}

/** Whether all that decides what a network learns is as in the preset; how often it is looked at, and its batch, are not. */
function isOfPreset({ parameters, presets }: Experiment, name: string | undefined, spec: RunSpec): boolean {
  const preset = presets.find((candidate) => candidate.name === name);
  return Object.entries(parameters).every(([key, parameter]) => {
    if (parameter.group === 'run') return true;
    return spec.parameters[key] === (preset?.parameters[key] ?? parameter.default);
  });
}
