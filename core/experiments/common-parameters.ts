/** Parameters that all experiments share: how gradient descent goes, and what a run writes down. */
import type { Parameters, ValuesOf } from './parameter.ts';

const adam = 'arXiv 1412.6980';

/** A difference of every experiment from the paper. */
export const unknownVersion = "The version and the date of the authors' code whose values these are, are not known to us.";

/** What differs from one experiment to the other. */
export interface OptimiserDefaults {
  readonly learningRate: number;
  readonly learningRateSource: string;
  readonly decay?: number;
  readonly decayEvery?: number;
  readonly decaySource: string;
  readonly gradientClip?: number;
  readonly gradientClipSource: string;
}

export function optimiserParameters(defaults: OptimiserDefaults) {
  return {
    learningRate: {
      kind: 'number',
      group: 'training',
      default: defaults.learningRate,
      unit: '',
      minimum: 0,
      maximum: 1,
      meaning: "Adam's step size at the beginning.",
      source: defaults.learningRateSource,
    },
    learningRateDecay: {
      kind: 'number',
      group: 'training',
      default: defaults.decay ?? 1,
      unit: '',
      minimum: 0.001,
      maximum: 1,
      meaning: 'The learning rate is multiplied by this every learningRateDecayEvery iterations.',
      source: defaults.decaySource,
    },
    learningRateDecayEvery: {
      kind: 'number',
      group: 'training',
      default: defaults.decayEvery ?? 0,
      unit: 'iterations',
      minimum: 0,
      maximum: 1e9,
      multipleOf: 1,
      meaning: 'Iterations between two decays of the learning rate; 0: never.',
      source: defaults.decaySource,
    },
    adamBeta1: {
      kind: 'number',
      group: 'training',
      default: 0.9,
      unit: '',
      minimum: 0,
      maximum: 0.999999,
      meaning: "Decay of Adam's running mean of the gradient.",
      source: adam,
    },
    adamBeta2: {
      kind: 'number',
      group: 'training',
      default: 0.999,
      unit: '',
      minimum: 0,
      maximum: 0.999999,
      meaning: "Decay of Adam's running mean of the squared gradient.",
      source: adam,
    },
    adamEpsilon: {
      kind: 'number',
      group: 'training',
      default: 1e-8,
      unit: '',
      minimum: 1e-12,
      maximum: 1,
      meaning: "Keeps Adam's division away from zero.",
      source: adam,
    },
    gradientClip: {
      kind: 'number',
      group: 'training',
      default: defaults.gradientClip ?? 0,
      unit: '',
      minimum: 0,
      maximum: 1e9,
      meaning: 'Largest Euclidean norm of the whole gradient; a longer one is shortened to it; 0: never.',
      source: defaults.gradientClipSource,
    },
  } as const satisfies Parameters;
}

export type OptimiserSettings = ValuesOf<ReturnType<typeof optimiserParameters>>;

export interface PlasticityDefaults {
  readonly rule?: 'hebb' | 'oja';
  /** Of w and alpha. */
  readonly scale: number;
  readonly eta: number;
  readonly source: string;
}

/** The rule, and how the plastic part begins, with where that comes from. */
export function plasticityParameters({ rule = 'hebb', scale, eta, source }: PlasticityDefaults) {
  return {
    rule: {
      kind: 'choice',
      group: 'plasticity',
      default: rule,
      choices: ['hebb', 'oja'],
      meaning: 'How the Hebbian trace changes: decaying Hebb, or Oja, which keeps it bounded without decay.',
      source,
    },
    initialW: {
      kind: 'number',
      group: 'network',
      default: scale,
      unit: '',
      minimum: 0,
      maximum: 1,
      meaning: 'Standard deviation of the baseline weights w before training.',
      source,
    },
    initialAlpha: {
      kind: 'number',
      group: 'plasticity',
      default: scale,
      unit: '',
      minimum: 0,
      maximum: 1,
      meaning: 'Standard deviation of the plasticity coefficients alpha before training; where one is shared by all, its value.',
      source,
    },
    initialEta: {
      kind: 'number',
      group: 'plasticity',
      default: eta,
      unit: 'per step',
      minimum: 0,
      maximum: 1,
      meaning: 'Plasticity rate eta before training: how fast the trace takes up new activity.',
      source,
    },
  } as const satisfies Parameters;
}

export interface ActorCriticDefaults {
  readonly discountSource: string;
  readonly valueWeight: number;
  readonly valueWeightSource: string;
  readonly concentrationSource: string;
}

/** Of the loss of agents (core/training/actor-critic.ts). */
export function actorCriticParameters(defaults: ActorCriticDefaults) {
  return {
    discount: {
      kind: 'number',
      group: 'training',
      default: 0.9,
      unit: '',
      minimum: 0,
      maximum: 1,
      meaning: 'How much a reward counts one step before it comes (gamma).',
      source: defaults.discountSource,
    },
    valueWeight: {
      kind: 'number',
      group: 'training',
      default: defaults.valueWeight,
      unit: '',
      minimum: 0,
      maximum: 100,
      meaning: "Weight of the squared error of the critic's estimate of the rewards to come.",
      source: defaults.valueWeightSource,
    },
    concentrationWeight: {
      kind: 'number',
      group: 'training',
      default: 0.1,
      unit: '',
      minimum: 0,
      maximum: 100,
      meaning: "Weight of the sum of the squared chances of the agent's choices, which keeps it trying.",
      source: defaults.concentrationSource,
    },
  } as const satisfies Parameters;
}

/** What a run does beside training; every experiment has these. */
export function runParameters({ evaluationEvery, checkpointEvery }: { evaluationEvery: number; checkpointEvery: number }) {
  return {
    evaluationEpisodes: {
      kind: 'number',
      group: 'run',
      default: 100,
      unit: 'episodes',
      minimum: 1,
      maximum: 10_000,
      multipleOf: 1,
      meaning: 'Held-out episodes of an evaluation.',
      source: 'ours',
    },
    evaluationEvery: {
      kind: 'number',
      group: 'run',
      default: evaluationEvery,
      unit: 'iterations',
      minimum: 0,
      maximum: 1e9,
      multipleOf: 1,
      meaning: 'Iterations between two evaluations while training; 0: none.',
      source: 'ours',
    },
    checkpointEvery: {
      kind: 'number',
      group: 'run',
      default: checkpointEvery,
      unit: 'iterations',
      minimum: 1,
      maximum: 1e9,
      multipleOf: 1,
      meaning: 'Iterations between two checkpoints; there is one at least every minute, too.',
      source: 'ours',
    },
  } as const satisfies Parameters;
}

export type RunSettings = ValuesOf<ReturnType<typeof runParameters>>;
