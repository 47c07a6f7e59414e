/** What a run is expected to reach, from the paper or from runs of our own, and how one that is going on stands to it. */
import type { RunSpec, VariantName } from '../contract/run-spec.ts';
import { bandAt, type ReferenceBand, type Verdict } from '../contract/verdict.ts';
import type { Experiment } from './experiment.ts';
import type { Parameter } from './parameter.ts';

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
  /** How many classes such a data set has; not asked of runs that do not know theirs. */
  readonly classes?: { readonly least: number; readonly most?: number };
  /** What a network reaches that learned nothing, and after how many episodes one that learns is clearly better; undefined where none can learn. */
  readonly untrained?: { readonly value: number; readonly untilEpisodes: number };
}

/** What a run's episodes are drawn from. */
export interface DataInUse {
  /** Format of its data set. */
  readonly dataset: string;
  /** Of drawn characters, where it is known. */
  readonly classes?: number | undefined;
}

/** How a run stands: means over its latest episodes. */
export interface Standing extends DataInUse {
  readonly episodes: number;
  readonly loss: number;
  readonly score: number;
}

/** A network that learns has come at least this part of the way from `untrained` to the band. */
const clearlyBetter = 0.1;

/** So many times as long as with a preset's settings a run of the same task may take before it counts as one that learns nothing. */
const patience = 4;

/** What is expected of runs with the settings of a preset, each for other data; none where there is no such preset. */
export function findReferences(experiment: Experiment, spec: RunSpec): Reference[] {
  return experiment.references.filter(({ variant, preset }) => variant === spec.variant && isOfPreset(experiment, preset, spec));
}

/** A run of a preset's task with other settings, or another batch, has no band; that it learns nothing can be said of it all the same. */
function findAlarmOfTask(experiment: Experiment, spec: RunSpec, standing: Standing): Verdict | undefined {
  return experiment.references
    .filter(({ variant, preset }) => variant === spec.variant && isOfPreset(experiment, preset, spec, ['task']))
    .filter((reference) => limitOfData(reference, standing).length === 0)
    .map((reference) => findAlarm(reference, experiment, standing, patience * Math.max(1, spec.batch / batchOf(experiment, reference))))
    .find((alarm) => alarm !== undefined);
}

/** The reference of a run for front ends; null without one. Data that are not known yet may be any. */
export function describeReference(experiment: Experiment, spec: RunSpec, data: DataInUse | undefined): ReferenceBand | null {
  const reference = findReferences(experiment, spec).find((each) => limitsOf(experiment, each, spec, data).length === 0);
  if (reference === undefined) return null;
  const { metric, source, points } = reference;
  return { metric: metric === 'loss' ? 'loss' : experiment.score.name, source, points: points.map((point) => ({ ...point })) };
}

/** Why it does not apply to a run with its settings: each goes on with "it holds for". */
function limitsOf(experiment: Experiment, reference: Reference, spec: RunSpec, data?: DataInUse): string[] {
  const batch = batchOf(experiment, reference);
  return [
    ...(spec.batch === batch ? [] : [`a batch of ${batch}, not of ${spec.batch}`]),
    ...(data === undefined ? [] : limitOfData(reference, data)),
  ];
}

function limitOfData({ datasets, classes }: Reference, data: DataInUse): string[] {
  if (datasets !== undefined && !datasets.includes(data.dataset)) {
    return [`${datasets.join(' or ')}, not for ${data.dataset === 'characters' ? 'generated characters' : data.dataset}`];
  }
  if (classes === undefined || data.classes === undefined) return [];
  const { least, most = Infinity } = classes;
  return data.classes >= least && data.classes <= most ? [] : [`${sayClasses(classes)}, not for ${data.classes}`];
}

/** "200 to 300 classes", "1500 classes or more". */
export function sayClasses({ least, most }: NonNullable<Reference['classes']>): string {
  return most === undefined ? `${least} classes or more` : `${least} to ${most} classes`;
}

/** How a run stands to what is expected of it. */
export function judge(experiment: Experiment, spec: RunSpec, standing: Standing): Verdict {
  const applying = findReferences(experiment, spec).find((each) => limitsOf(experiment, each, spec, standing).length === 0);
  if (applying !== undefined) return judgeBy(applying, experiment, standing);
  return findAlarmOfTask(experiment, spec, standing) ?? explainAbsence(experiment, spec, standing);
}

/** Why nothing is expected of a run that no reference applies to. */
export function explainAbsence(experiment: Experiment, spec: RunSpec, data: DataInUse): Verdict {
  const [first] = findReferences(experiment, spec);
  if (first === undefined) return { kind: 'no-reference', text: 'there is no reference for these settings' };
  const limits = limitsOf(experiment, first, spec, data).join(', and for ');
  return { kind: 'not-applicable', text: `the reference does not apply: it holds for ${limits}` };
}

function judgeBy(reference: Reference, experiment: Experiment, standing: Standing): Verdict {
  const alarm = findAlarm(reference, experiment, standing);
  if (alarm !== undefined) return alarm;
  const { value, low, high, worst, best, isBetter, name, show } = compare(reference, experiment, standing);
  const { points } = reference;
  const range = `${show(low)} to ${show(high)}`;
  const begun = standing.episodes >= points[0].episodes;
  if (begun && isBetter(value, best)) return { kind: 'better', text: `${name} ${show(value)} is better than the reference, ${range}` };
  if (begun && !Number.isNaN(value) && !isBetter(worst, value))
    return { kind: 'within', text: `${name} ${show(value)} is within the reference, ${range}` };
  const when = begun ? 'at this point' : `after ${points[0].episodes.toLocaleString('en')} episodes`;
  return { kind: 'not-yet', text: `${name} ${show(value)}; the reference is ${range} ${when}` };
}

/** `times`: as many times as long as with the preset's settings is it too early for one. */
function findAlarm(reference: Reference, experiment: Experiment, standing: Standing, times = 1): Verdict | undefined {
  const { untrained } = reference;
  if (untrained === undefined || standing.episodes < times * untrained.untilEpisodes) return undefined;
  const { value, worst, isBetter, name, show } = compare(reference, experiment, standing);
  if (isBetter(value, untrained.value + clearlyBetter * (worst - untrained.value))) return undefined;
  const what = `not learning: ${name} ${show(value)} is about what an untrained network has (${show(untrained.value)})`;
  return { kind: 'not-learning', text: `${what}; usual causes: ${experiment.usualCauses.join('; ')}` };
}

/** A run's value beside the band at its place, in the metric's own direction and words. */
function compare({ metric, points }: Reference, experiment: Experiment, standing: Standing) {
  const higherIsBetter = metric === 'score' && experiment.score.better === 'higher';
  const { low, high } = bandAt([...points], standing.episodes) ?? points[0];
  const [worst, best] = higherIsBetter ? [low, high] : [high, low];
  return {
    value: standing[metric],
    ...{ low, high, worst, best },
    isBetter: (a: number, b: number) => (higherIsBetter ? a > b : a < b),
    name: metric === 'loss' ? 'loss' : experiment.score.label,
    show: (number: number) => formatValue(experiment, metric, number),
  };
}

export function formatValue({ score }: Experiment, metric: Reference['metric'], value: number): string {
  return metric === 'score' && score.format === 'percent' ? `${(100 * value).toPrecision(3)} %` : value.toPrecision(3);
}

/** All that decides what a network learns; how often it is looked at does not. */
const deciding: readonly Parameter['group'][] = ['task', 'network', 'plasticity', 'training'];

/** Whether all parameters of these groups are as in the preset. */
function isOfPreset(experiment: Experiment, name: string | undefined, spec: RunSpec, groups = deciding): boolean {
  const preset = findPreset(experiment, name);
  return Object.entries(experiment.parameters).every(([key, parameter]) => {
    if (!groups.includes(parameter.group)) return true;
    return spec.parameters[key] === (preset?.parameters[key] ?? parameter.default);
  });
}

/** With which a reference was measured. */
export const batchOf = (experiment: Experiment, { preset }: Reference) => findPreset(experiment, preset)?.batch ?? experiment.batch;
const findPreset = ({ presets }: Experiment, name: string | undefined) => presets.find((preset) => preset.name === name);
