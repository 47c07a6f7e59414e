/**
 * An agent that acts step by step: inputs drive a small recurrent network, whose activations are read out as action probabilities and as an estimate of
 * the rewards to come; under `modulated` and `retroactive` also as the modulator of its own plasticity (arXiv 2002.10585).
 *
 * drive(t) = x(t) · input,  π(t) = softmax(y(t) · policy + policyBias),  V(t) = y(t) · value + valueBias,  m(t) = tanh(y(t) · modulator + modulatorBias)
 */
import { createFusedLayer } from '../plasticity/small/fused-layer.ts';
import type { SmallLayer, SmallLayerOptions } from '../plasticity/small/small-layer.ts';
import type { RandomStream } from '../random.ts';
import { drawCoreValues, drivesOf, isModulated, type AgentCore, type AgentCoreOptions } from './agent-core.ts';
import { joinColumns, splitColumns } from './side-by-side.ts';
import { createHostLearned, type HostGradients, type HostLearned, type HostMatrix, type LearnedValues } from './host-learned.ts';

export interface AgentOptions {
  readonly inputs: number;
  readonly actions: number;
  readonly core: AgentCoreOptions;
}

/** What the activations are read out as, in the order in which the heads lie side by side, and the columns of each. Each has a bias of its name. */
const headsOf = ({ actions, core }: Omit<AgentOptions, 'inputs'>): readonly (readonly [name: string, width: number])[] => [
  ['policy', actions],
  ['value', 1],
  ...(isModulated(core) ? [['modulator', 1] as const] : []),
];

/** The layers around the recurrent part: what drives it, and all its heads. */
export function agentLayers(options: AgentOptions, steps: number) {
  const { inputs, core } = options;
  const outputs = headsOf(options).reduce((sum, [, width]) => sum + width, 0);
  return { input: { inputs, outputs: drivesOf(core), steps }, heads: { inputs: core.neurons, outputs, steps } };
}

/** @param random draws input, what the recurrent part has, policy, value and modulator: input and heads uniform within ± 1 / √(what a unit sees); biases begin at 0. */
export function createAgentLearned(options: AgentOptions, random: RandomStream): HostLearned {
  const { inputs, core } = options;
  const { neurons } = core;
  const matrix = (rows: number, columns: number, draw: () => number): HostMatrix => ({
    shape: [rows, columns],
    initial: Float32Array.from({ length: rows * columns }, draw),
  });
  const uniform = (seen: number) => () => (2 * random.uniform() - 1) / Math.sqrt(seen);
  const zero = () => 0;
  const input = matrix(inputs, drivesOf(core), uniform(inputs));
  const recurrent = drawCoreValues(core, random);
  const heads = headsOf(options).flatMap(([name, width]) => [
    [name, matrix(neurons, width, uniform(neurons))] as const,
    [`${name}Bias`, matrix(1, width, zero)] as const,
  ]);
  return createHostLearned({ input, ...recurrent.matrices, ...Object.fromEntries(heads) }, recurrent.numbers);
}

/** One episode as it went, step by step. */
export interface AgentTrajectory {
  readonly steps: number;
  /** [T, inputs]. */
  readonly x: Float32Array;
  /** [T, N]. */
  readonly y: Float32Array;
  /** [T, actions]. */
  readonly probabilities: Float64Array;
  readonly values: Float64Array;
  readonly actions: Uint8Array;
  readonly rewards: Float64Array;
  /** m(t); zero where nothing is modulated. */
  readonly modulators: Float64Array;
}

/** What the episode's loss says of each step: ∂loss/∂(y · policy + policyBias), [T, actions], and ∂loss/∂V, [T]. */
export interface HeadGradients {
  readonly logits: Float64Array;
  readonly values: Float64Array;
}

/** What is done to a network while it acts. */
export interface AgentChange {
  /** Step t, from 1, begins without a trace. */
  readonly clearedAt?: number | undefined;
  /** Adds to the drives of every step. */
  readonly disturb?: ((drive: Float32Array) => void) | undefined;
}

export interface Agent {
  /** Takes the learned values as they are now; gradients begin anew. */
  prepare(): void;
  /**
   * Runs an episode.
   * @param observe writes x(t). @param act chooses an action from the probabilities, does it, and gives the action and its reward.
   * @param watch is told of every step, before the next one. @param change what is done to the network meanwhile; such an episode cannot go back.
   */
  run(
    steps: number,
    observe: (into: Float32Array) => void,
    act: (probabilities: Float64Array) => readonly [action: number, reward: number],
    watch?: (step: number, traceNorm: number) => void,
    change?: AgentChange,
  ): AgentTrajectory;
  /** Back through the latest episode. */
  differentiate(trajectory: AgentTrajectory, gradients: HeadGradients): void;
  /** Sums over the episodes since `prepare`. */
  gradients(): HostGradients;
}

/** @param steps the longest episode. @param createLayer on the kernel; the reference's, to check gradients. */
export function createAgent(
  options: AgentOptions & { readonly steps: number },
  learned: LearnedValues,
  core: AgentCore,
  createLayer: (options: SmallLayerOptions) => SmallLayer = createFusedLayer,
): Agent {
  const { inputs, actions, core: coreOptions } = options;
  const { neurons: n } = coreOptions;
  const modulates = isModulated(coreOptions);
  const { network } = core;
  const layers = agentLayers(options, options.steps);
  const [input, heads] = [createLayer(layers.input), createLayer(layers.heads)];
  const headNames = headsOf(options).map(([name]) => name);
  const widths = headsOf(options).map(([, width]) => width);
  /** Where V and m are among what the heads give. */
  const [valueAt, modulatorAt] = [actions, actions + 1];
  const biases = new Float64Array(layers.heads.outputs);
  const dBiases = new Float64Array(layers.heads.outputs);
  const drive = new Float32Array(layers.input.outputs);
  const dHeads = new Float64Array(layers.heads.outputs);

  return {
    prepare: () => {
      core.prepare(learned);
      input.setWeights(learned.matrix('input'));
      heads.setWeights(joinColumns(headNames.map(learned.matrix), widths, n));
      biases.set(headNames.flatMap((name) => [...learned.matrix(`${name}Bias`)]));
      dBiases.fill(0);
    },

    run: (steps, observe, act, watch, { clearedAt, disturb } = {}) => {
      const trajectory: AgentTrajectory = {
        steps,
        x: new Float32Array(steps * inputs),
        y: new Float32Array(steps * n),
        probabilities: new Float64Array(steps * actions),
        values: new Float64Array(steps),
        actions: new Uint8Array(steps),
        rewards: new Float64Array(steps),
        modulators: new Float64Array(steps),
      };
      input.begin();
      network.begin();
      heads.begin();
      for (let t = 0; t < steps; t++) {
        const x = trajectory.x.subarray(t * inputs, (t + 1) * inputs);
        observe(x);
        drive.set(input.step(x));
        disturb?.(drive);
        if (t + 1 === clearedAt) network.clearTrace?.();
        const y = network.step(drive, t > 0 ? trajectory.modulators[t - 1]! : 0);
        trajectory.y.set(y, t * n);
        const read = heads.step(y);
        const probabilities = trajectory.probabilities.subarray(t * actions, (t + 1) * actions);
        for (let k = 0; k < actions; k++) probabilities[k] = read[k]! + biases[k]!;
        softmax(probabilities);
        trajectory.values[t] = read[valueAt]! + biases[valueAt]!;
        if (modulates) trajectory.modulators[t] = Math.tanh(read[modulatorAt]! + biases[modulatorAt]!);
        watch?.(t, network.traceNorm());
        const [action, reward] = act(probabilities);
        trajectory.actions[t] = action;
        trajectory.rewards[t] = reward;
      }
      return trajectory;
    },

    differentiate: ({ steps, modulators }, { logits, values }) => {
      /** ∂loss/∂m(t), by the step after it. */
      let dModulator = 0;
      for (let t = steps - 1; t >= 0; t--) {
        for (let k = 0; k < actions; k++) dHeads[k] = logits[t * actions + k]!;
        dHeads[valueAt] = values[t]!;
        if (modulates) dHeads[modulatorAt] = dModulator * (1 - modulators[t]! ** 2);
        for (let k = 0; k < dHeads.length; k++) dBiases[k]! += dHeads[k]!;
        heads.stepBack(dHeads);
        const back = network.stepBack(heads.slopeOf(dHeads));
        dModulator = back.modulator;
        input.stepBack(back.drive);
      }
    },

    gradients: () => {
      const { matrices, numbers } = core.gradients();
      const ofHeads = splitColumns(heads.gradient(), widths, n);
      const ofBiases = splitColumns(dBiases, widths, 1);
      return {
        matrices: {
          input: input.gradient(),
          ...Object.fromEntries(headNames.flatMap((name, at) => [[name, ofHeads[at]!] as const, [`${name}Bias`, ofBiases[at]!] as const])),
          ...matrices,
        },
        numbers,
      };
    },
  };
}

/** In place. */
function softmax(drives: Float64Array): void {
  let highest = -Infinity;
  for (let k = 0; k < drives.length; k++) highest = Math.max(highest, drives[k]!);
  let sum = 0;
  for (let k = 0; k < drives.length; k++) sum += drives[k] = Math.exp(drives[k]! - highest);
  for (let k = 0; k < drives.length; k++) drives[k]! /= sum;
}
