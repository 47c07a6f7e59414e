/** The recurrent part of an agent: a small plastic or plain network, or an LSTM; how what it learns begins, and how it gets it. */
import type { AlphaKind } from '../plasticity/protocol.ts';
import { countFusedLstmBytes, createFusedLstm } from '../plasticity/small/fused-lstm.ts';
import { countFusedBytes } from '../plasticity/small/fused-memory.ts';
import { createFusedRecurrent } from '../plasticity/small/fused.ts';
import { lstmGates, type SmallLstm } from '../plasticity/small/small-lstm.ts';
import { isModulatedRule, type SmallRecurrent, type SmallRule, type SteppedNetwork } from '../plasticity/small/small-recurrent.ts';
import type { RandomStream } from '../random.ts';
import type { HostGradients, HostMatrix, LearnedValues } from './host-learned.ts';

export type AgentCoreOptions = PlasticCoreOptions | LstmCoreOptions;

export interface PlasticCoreOptions {
  readonly kind: 'plastic';
  readonly neurons: number;
  readonly alphaKind: AlphaKind;
  readonly rule: SmallRule;
  /** Standard deviations before training, alpha's also where it is one number: its value. */
  readonly initialW: number;
  readonly initialAlpha: number;
  readonly initialEta: number;
}

export interface LstmCoreOptions {
  readonly kind: 'lstm';
  readonly neurons: number;
}

/** Numbers of a drive. */
export const drivesOf = ({ kind, neurons }: AgentCoreOptions) => (kind === 'lstm' ? lstmGates * neurons : neurons);

/** Whether the agent steers the plasticity of its own trace. */
export const isModulated = (options: AgentCoreOptions) => options.kind === 'plastic' && isModulatedRule(options.rule);

export const hasEta = ({ alphaKind, rule }: PlasticCoreOptions) => alphaKind !== 'none' && rule !== 'modulated';

/** What the recurrent part learns before training: w and alpha normal times their scale; an LSTM's w uniform within ± 1 / √N. */
export function drawCoreValues(
  options: AgentCoreOptions,
  random: RandomStream,
): { readonly matrices: Readonly<Record<string, HostMatrix>>; readonly numbers: Readonly<Record<string, number>> } {
  const { neurons } = options;
  const draw = (columns: number, next: () => number): HostMatrix => ({
    shape: [neurons, columns],
    initial: Float32Array.from({ length: neurons * columns }, next),
  });
  if (options.kind === 'lstm') {
    return { matrices: { w: draw(lstmGates * neurons, () => (2 * random.uniform() - 1) / Math.sqrt(neurons)) }, numbers: {} };
  }
  const normal = (scale: number) => draw(neurons, () => scale * random.normal());
  return {
    matrices: { w: normal(options.initialW), ...(options.alphaKind === 'free' ? { alpha: normal(options.initialAlpha) } : {}) },
    numbers: {
      ...(hasEta(options) ? { eta: options.initialEta } : {}),
      ...(options.alphaKind === 'yoked' ? { alpha: options.initialAlpha } : {}),
    },
  };
}

export interface AgentCore {
  readonly network: SteppedNetwork;
  /** Takes the learned values as they are now; gradients begin anew. */
  prepare(learned: LearnedValues): void;
  gradients(): HostGradients;
}

/** On the kernel of small networks. @param steps the longest episode. */
export function createAgentCore(options: AgentCoreOptions, steps: number): AgentCore {
  if (options.kind === 'lstm') return lstmCore(createFusedLstm({ ...options, steps }));
  return plasticCore(options, createFusedRecurrent({ ...options, steps }));
}

/** The most memory that such a part takes. */
export function countCoreBytes(options: AgentCoreOptions, steps: number): number {
  if (options.kind === 'lstm') return countFusedLstmBytes(options.neurons, steps);
  return countFusedBytes(options.neurons, steps, {
    hasTrace: options.alphaKind !== 'none',
    hasEligibility: options.rule === 'retroactive',
  });
}

export function plasticCore(options: PlasticCoreOptions, network: SmallRecurrent): AgentCore {
  const { alphaKind } = options;
  return {
    network,
    prepare: (learned) => {
      const alpha = {
        free: () => learned.matrix('alpha'),
        yoked: () => Float32Array.of(learned.number('alpha')),
        none: () => new Float32Array(0),
      }[alphaKind]();
      network.setWeights({ w: learned.matrix('w'), alpha, eta: hasEta(options) ? learned.number('eta') : 0 });
    },
    gradients: () => {
      const { w, alpha, eta } = network.gradients();
      return {
        matrices: { w, ...(alphaKind === 'free' ? { alpha } : {}) },
        numbers: { ...(hasEta(options) ? { eta } : {}), ...(alphaKind === 'yoked' ? { alpha: alpha[0]! } : {}) },
      };
    },
  };
}

export function lstmCore(network: SmallLstm): AgentCore {
  return {
    network,
    prepare: (learned) => network.setWeights(learned.matrix('w')),
    gradients: () => ({ matrices: { w: network.gradients() }, numbers: {} }),
  };
}
