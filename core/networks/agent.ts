/**
 * An agent that acts step by step: inputs drive a small recurrent network, whose activations are read out as action probabilities and as an estimate of
 * the rewards to come; under `modulated` and `retroactive` also as the modulator of its own plasticity (arXiv 2002.10585).
 *
 * drive(t) = x(t) · input,  π(t) = softmax(y(t) · policy + policyBias),  V(t) = y(t) · value + valueBias,  m(t) = tanh(y(t) · modulator + modulatorBias)
 */
import { createFusedLayer } from '../plasticity/small/fused-layer.ts';
import type { SmallLayer, SmallLayerOptions } from '../plasticity/small/small-layer.ts';
import type { Vector } from '../plasticity/small/small-recurrent.ts';
import type { RandomStream } from '../random.ts';
import { drawCoreValues, drivesOf, isModulated, type AgentCore, type AgentCoreOptions } from './agent-core.ts';
import { createHostLearned, type HostGradients, type HostLearned, type HostMatrix, type LearnedValues } from './host-learned.ts';

export interface AgentOptions {
  readonly inputs: number;
  readonly actions: number;
  readonly core: AgentCoreOptions;
}

/** The layers around the recurrent part: what drives it, and all heads side by side, [N, actions + V (+ m)]. */
export function agentLayers({ inputs, actions, core }: AgentOptions, steps: number) {
  return {
    input: { inputs, outputs: drivesOf(core), steps },
    heads: { inputs: core.neurons, outputs: actions + 1 + (isModulated(core) ? 1 : 0), steps },
  };
}

/** @param random draws input, what the recurrent part has, policy, value and modulator: input and heads uniform within ± 1 / √(what a unit sees); biases begin at 0. */
export function createAgentLearned({ inputs, actions, core }: AgentOptions, random: RandomStream): HostLearned {
  const { neurons } = core;
  const matrix = (rows: number, columns: number, draw: () => number): HostMatrix => ({
    shape: [rows, columns],
    initial: Float32Array.from({ length: rows * columns }, draw),
  });
  const uniform = (seen: number) => () => (2 * random.uniform() - 1) / Math.sqrt(seen);
  const zero = () => 0;
  const input = matrix(inputs, drivesOf(core), uniform(inputs));
  const recurrent = drawCoreValues(core, random);
  return createHostLearned(
    {
      input,
      ...recurrent.matrices,
      policy: matrix(neurons, actions, uniform(neurons)),
      policyBias: matrix(1, actions, zero),
      value: matrix(neurons, 1, uniform(neurons)),
      valueBias: matrix(1, 1, zero),
      ...(isModulated(core) ? { modulator: matrix(neurons, 1, uniform(neurons)), modulatorBias: matrix(1, 1, zero) } : {}),
    },
    recurrent.numbers,
  );
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
  /** Sums over the episodes since `prepare`; valid until the next. */
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
  const headNames = ['policy', 'value', ...(modulates ? ['modulator'] : [])];
  const widths = headNames.map((name) => (name === 'policy' ? actions : 1));
  const biases = new Float64Array(layers.heads.outputs);
  const dBiases = new Float64Array(layers.heads.outputs);
  const drive = new Float32Array(layers.input.outputs);
  const dHeads = new Float64Array(layers.heads.outputs);

  return {
    prepare: () => {
      core.prepare(learned);
      input.setWeights(learned.matrix('input'));
      const matrices = headNames.map((name) => learned.matrix(name));
      heads.setWeights(joinColumns(matrices, widths, n));
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
        trajectory.values[t] = read[actions]! + biases[actions]!;
        if (modulates) trajectory.modulators[t] = Math.tanh(read[actions + 1]! + biases[actions + 1]!);
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
        dHeads[actions] = values[t]!;
        if (modulates) dHeads[actions + 1] = dModulator * (1 - modulators[t]! ** 2);
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

/** Matrices of the same rows, side by side. @param widths their columns. */
function joinColumns(matrices: readonly Float32Array[], widths: readonly number[], rows: number): Float32Array {
  const columns = widths.reduce((sum, width) => sum + width, 0);
  const joined = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    let to = i * columns;
    matrices.forEach((matrix, at) => {
      const width = widths[at]!;
      joined.set(matrix.subarray(i * width, (i + 1) * width), to);
      to += width;
    });
  }
  return joined;
}

/** The matrices that `joinColumns` put together. */
function splitColumns(joined: Vector, widths: readonly number[], rows: number): Float64Array[] {
  const columns = widths.reduce((sum, width) => sum + width, 0);
  let from = 0;
  return widths.map((width) => {
    const matrix = new Float64Array(rows * width);
    for (let i = 0; i < rows; i++) {
      const at = i * columns + from;
      matrix.set(joined.subarray(at, at + width), i * width);
    }
    from += width;
    return matrix;
  });
}

/** In place. */
function softmax(drives: Float64Array): void {
  let highest = -Infinity;
  for (let k = 0; k < drives.length; k++) highest = Math.max(highest, drives[k]!);
  let sum = 0;
  for (let k = 0; k < drives.length; k++) sum += drives[k] = Math.exp(drives[k]! - highest);
  for (let k = 0; k < drives.length; k++) drives[k]! /= sum;
}
