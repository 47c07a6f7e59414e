/** What extensions of the user's add to experiments: tasks are experiments of their own, networks variants, rules choices. */
import type { Extension, ExtensionOf } from '../contract/extension.ts';
import { experimentNames, variantNames, type RunSpec } from '../contract/run-spec.ts';
import { optimiserParameters, plasticityParameters, runParameters } from './common-parameters.ts';
import type { Experiment, Variant } from './experiment.ts';
import type { Parameters } from './parameter.ts';

const variants: Experiment['variants'] = [
  { name: 'free', meaning: 'one plasticity coefficient alpha a connection' },
  { name: 'yoked', meaning: 'one alpha shared by all connections' },
  { name: 'non-plastic', meaning: 'no plastic part: a plain recurrent network, which must keep what it saw in its activity' },
  { name: 'lstm', meaning: 'a long short-term memory network with one hidden unit a neuron' },
];

/** Those whose episodes are recall protocols, which any network and rule of the user's can run. */
export const recallExperiments: readonly string[] = ['images', 'binary'];

/** Engram's own. */
export const ruleNames = ['hebb', 'oja'] as const;

/** The parameters that every task has besides its own. */
export function taskParameters({ learningRate, initialScale, initialEta, ...run }: ExtensionOf<'task'>['defaults']) {
  const source = 'the task';
  return {
    ...plasticityParameters({ scale: initialScale, eta: initialEta, source }),
    ...optimiserParameters({ learningRate, learningRateSource: source, decaySource: source, gradientClipSource: source }),
    ...runParameters(run),
  } as const satisfies Parameters;
}

export function createTaskExperiment({ name, title, summary, source, score, parameters, ...task }: ExtensionOf<'task'>): Experiment {
  return {
    name,
    title,
    summary,
    source,
    variants,
    score: { ...score, average: 'episodes' },
    data: 'generated',
    parameters: { ...parameters, ...taskParameters(task.defaults) },
    episodes: task.episodes,
    batch: task.batch,
    presets: [],
    references: [],
    usualCauses: [],
    deviations: [],
  };
}

/** `experiment` with the networks among `extensions` as variants, and the rules as choices. */
export function extendExperiment(experiment: Experiment, extensions: readonly Extension[]): Experiment {
  const isRecall = recallExperiments.includes(experiment.name) || extensions.some((each) => isTaskOf(each, experiment.name));
  const [networks, rules] = [
    extensions.filter((extension) => extension.kind === 'network'),
    extensions.filter((extension) => extension.kind === 'rule'),
  ];
  if (!isRecall || networks.length + rules.length === 0) return experiment;
  const added = networks.map(({ name, meaning, parameters }): Variant => ({
    name,
    meaning,
    ...(parameters === undefined ? {} : { parameters }),
  }));
  const { rule, ...parameters } = experiment.parameters;
  if (rule?.kind !== 'choice') throw new Error(`the experiment ${experiment.name} lacks the parameter rule`);
  const extendedRule = { ...rule, choices: [...rule.choices, ...rules.map(({ name }) => name)] };
  // In their order.
  const extended = Object.fromEntries(Object.keys(experiment.parameters).map((name) => [name, parameters[name] ?? extendedRule]));
  const ownRules = rules.flatMap(({ name, parameters: own }) => (own === undefined ? [] : [{ name, parameters: own }]));
  return { ...experiment, variants: [...experiment.variants, ...added], rules: ownRules, parameters: extended };
}

/** Those of `extensions` that a run with this spec works with. */
export function findUsedExtensions(
  { experiment, variant, parameters }: Pick<RunSpec, 'experiment' | 'variant' | 'parameters'>,
  extensions: readonly Extension[],
): Extension[] {
  const isUsed = { task: experiment, network: variant, rule: parameters['rule'] };
  return extensions.filter(({ kind, name }) => isUsed[kind] === name);
}

/** The names in a spec that may be the user's. */
export function ownNames({ experiment, variant, parameters }: Pick<RunSpec, 'experiment' | 'variant' | 'parameters'>): string[] {
  const builtIn: readonly unknown[] = [...experimentNames, ...variantNames, ...ruleNames];
  return [experiment, variant, parameters['rule']].filter((name) => name !== undefined && !builtIn.includes(name)).map(String);
}

function isTaskOf(extension: Extension, experiment: string): boolean {
  return extension.kind === 'task' && extension.name === experiment;
}
