/**
 * What a file of the user's may export: a task, a rule or a network, as one object. This is the module that `engram` means in such a file; only
 * types are taken from it, so that the file imports nothing when it runs. `docs/extending.md` is the page about it.
 */
import type { Operations } from '../backend/operations.ts';
import type { createLearned } from '../networks/learned.ts';
import type { Network } from '../networks/network.ts';
import type { RuleDerivatives } from '../plasticity/connection-rule.ts';
import type { ProtocolStep } from '../plasticity/protocol.ts';
import type { Random, RandomStream, shuffledIndices } from '../random.ts';
import type { drawPresentations } from '../tasks/recall.ts';

export type { Operations, Tensor } from '../backend/operations.ts';
export type { Gradients, Learned } from '../networks/learned.ts';
export type { Network, NetworkRun } from '../networks/network.ts';
export type { RuleDerivatives } from '../plasticity/connection-rule.ts';
export type { Protocol, ProtocolStep } from '../plasticity/protocol.ts';
export type { Random, RandomStream } from '../random.ts';

export interface NumberSetting {
  readonly kind: 'number';
  readonly default: number;
  /** '' for pure numbers. */
  readonly unit?: string;
  readonly minimum: number;
  readonly maximum: number;
  /** Only multiples of this; 1 for whole numbers. */
  readonly multipleOf?: number;
  readonly meaning: string;
  /** Where the default comes from. */
  readonly source?: string;
  /** Where a form puts it; without, `task` for a task's, `network` for a network's and `plasticity` for a rule's. */
  readonly group?: 'task' | 'network' | 'plasticity';
}

export interface ChoiceSetting {
  readonly kind: 'choice';
  readonly default: string;
  readonly choices: readonly string[];
  readonly meaning: string;
  readonly source?: string;
  readonly group?: 'task' | 'network' | 'plasticity';
}

/**
 * The values of a run's parameters by name: the extension's own, and those that every recall experiment has (`initialW`, …). Every one has been
 * checked, so that a file may name those that it uses with their types.
 */
export type Settings = Readonly<Record<string, number | string>>;

/** Helpers, so that a file imports nothing. */
export interface TaskTools {
  readonly shuffledIndices: typeof shuffledIndices;
  readonly drawPresentations: typeof drawPresentations;
}

/** What the episodes of a batch have in common; a task may add whatever its episodes need to know. */
export interface EpisodePlan {
  readonly steps: readonly ProtocolStep[];
  /** How many vectors the steps name: rows 0 to `vectors - 1`. */
  readonly vectors: number;
}

export interface Episode {
  /** The vectors that the plan's steps name, one number a neuron each. */
  readonly vectors: readonly ArrayLike<number>[];
  /** What the first neurons should answer at the last step, one number an output. */
  readonly target: ArrayLike<number>;
  /** For the picture of a run: what was shown, one number an output each, and what was shown of it at the end. */
  readonly shown?: readonly ArrayLike<number>[];
  readonly degraded?: ArrayLike<number>;
}

export interface Task {
  /** Of the network, with the bias if there is one. */
  readonly neurons: number;
  /** The first neurons, which are judged: the loss is Σ (answer - target)² over them. */
  readonly outputs: number;
  /** Of an LSTM: the first neurons, whose values it is shown, and what multiplies these. As many as outputs, and 1, without. */
  readonly inputs?: number;
  readonly inputScale?: number;
  /** How people see a pattern of `outputs` numbers; a row without. */
  readonly picture?: { readonly width: number; readonly height: number };
  drawPlan(random: Random): EpisodePlan;
  /** @param part held-out episodes come under `evaluation`. */
  drawEpisode(plan: EpisodePlan, random: Random, part: 'training' | 'evaluation'): Episode;
  /** How good an answer is, [outputs] each. */
  score(answer: Float32Array, target: Float32Array): number;
}

export interface TaskExtension {
  readonly kind: 'task';
  readonly title: string;
  /** One or two sentences: what the network has to do. */
  readonly summary: string;
  /** Paper and section, where it is from one. */
  readonly source?: string;
  readonly score: {
    /** Its name among a run's metrics: letters and digits. */
    readonly name: string;
    /** "wrong bits", in the middle of a sentence. */
    readonly label: string;
    readonly meaning: string;
    readonly better: 'lower' | 'higher';
    readonly format: 'number' | 'percent';
  };
  readonly parameters: Readonly<Record<string, NumberSetting | ChoiceSetting>>;
  /** Training episodes, and episodes an iteration, of a run that says nothing else. */
  readonly episodes: number;
  readonly batch: number;
  /** Of the parameters that every task has. */
  readonly defaults?: {
    readonly learningRate?: number;
    /** Standard deviation of w and alpha before training. */
    readonly initialScale?: number;
    readonly initialEta?: number;
    /** Iterations. */
    readonly evaluationEvery?: number;
    readonly checkpointEvery?: number;
  };
  /** @throws Error whose message names the rule where settings contradict each other. */
  create(settings: Settings, tools: TaskTools): Task;
}

export interface RuleExtension {
  readonly kind: 'rule';
  readonly title: string;
  /** How the trace changes, in one sentence. */
  readonly meaning: string;
  /** Its own, besides those that the experiment has; they are not learned. */
  readonly parameters?: Readonly<Record<string, NumberSetting | ChoiceSetting>>;
  /**
   * hebb(t+1) of the connection from i to j.
   * @param trace hebb_ij(t). @param before y_i(t-1). @param now y_j(t). @param settings the run's.
   */
  next(trace: number, before: number, now: number, eta: number, settings: Settings): number;
  /** The four derivatives of `next` at the same place, written into `into`. */
  derivatives(trace: number, before: number, now: number, eta: number, into: RuleDerivatives, settings: Settings): void;
}

/** What a network is made for. */
export interface NetworkPlace {
  /** Of the protocol: what `given` has a number for. */
  readonly neurons: number;
  /** The first neurons, which see something, and which are judged. */
  readonly inputs: number;
  readonly outputs: number;
  readonly inputScale: number;
  readonly settings: Settings;
  readonly operations: Operations;
  /** For the weights before training. */
  readonly random: RandomStream;
  readonly createLearned: typeof createLearned;
}

export interface NetworkExtension {
  readonly kind: 'network';
  readonly title: string;
  readonly meaning: string;
  /** Its own, besides those that the experiment has. */
  readonly parameters?: Readonly<Record<string, NumberSetting | ChoiceSetting>>;
  create(place: NetworkPlace): Network;
}

/** The default export of a file. */
export type AnyExtension = TaskExtension | RuleExtension | NetworkExtension;
