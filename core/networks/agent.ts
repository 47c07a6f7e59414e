/**
 * An agent that acts step by step: inputs drive a small recurrent network, whose activations are read out as action probabilities and as an estimate of
 * the rewards to come; under `modulated` and `retroactive` also as the modulator of its own plasticity (arXiv 2002.10585).
 *
 * drive(t) = x(t) · input,  π(t) = softmax(y(t) · policy + policyBias),  V(t) = y(t) · value + valueBias,  m(t) = tanh(y(t) · modulator + modulatorBias)
 */
import type { RandomStream } from '../random.ts';
import { drawCoreValues, drivesOf, isModulated, type AgentCore, type AgentCoreOptions } from './agent-core.ts';
import { createHostLearned, type HostGradients, type HostLearned, type HostMatrix, type LearnedValues } from './host-learned.ts';

export interface AgentOptions {
  readonly inputs: number;
  readonly actions: number;
  readonly core: AgentCoreOptions;
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

export function createAgent({ inputs, actions, core: coreOptions }: AgentOptions, learned: LearnedValues, core: AgentCore): Agent {
  const { neurons: n } = coreOptions;
  const drives = drivesOf(coreOptions);
  const modulates = isModulated(coreOptions);
  const { network } = core;
  const matrix = (name: string) => learned.matrix(name);
  const drive = new Float32Array(drives);
  const dy = new Float32Array(n);
  const sums = {
    input: new Float64Array(inputs * drives),
    policy: new Float64Array(n * actions),
    policyBias: new Float64Array(actions),
    value: new Float64Array(n),
    valueBias: new Float64Array(1),
    ...(modulates ? { modulator: new Float64Array(n), modulatorBias: new Float64Array(1) } : {}),
  };

  return {
    prepare: () => {
      core.prepare(learned);
      for (const sum of Object.values(sums)) sum.fill(0);
    },

    run: (steps, observe, act, watch, { clearedAt, disturb } = {}) => {
      const [input, policy, policyBias] = [matrix('input'), matrix('policy'), matrix('policyBias')];
      const [value, [valueBias]] = [matrix('value'), matrix('valueBias')];
      const modulator = modulates ? matrix('modulator') : undefined;
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
      network.begin();
      for (let t = 0; t < steps; t++) {
        const x = trajectory.x.subarray(t * inputs, (t + 1) * inputs);
        observe(x);
        drive.fill(0);
        addRows(x, input, drive);
        disturb?.(drive);
        if (t + 1 === clearedAt) network.clearTrace?.();
        const y = network.step(drive, t > 0 ? trajectory.modulators[t - 1]! : 0);
        trajectory.y.set(y, t * n);
        const probabilities = trajectory.probabilities.subarray(t * actions, (t + 1) * actions);
        let estimate = valueBias!;
        probabilities.set(policyBias);
        for (let i = 0; i < n; i++) {
          const unit = y[i]!;
          estimate += unit * value[i]!;
          for (let k = 0; k < actions; k++) probabilities[k]! += unit * policy[i * actions + k]!;
        }
        softmax(probabilities);
        trajectory.values[t] = estimate;
        if (modulator !== undefined) trajectory.modulators[t] = Math.tanh(dot(y, modulator) + matrix('modulatorBias')[0]!);
        watch?.(t, network.traceNorm());
        const [action, reward] = act(probabilities);
        trajectory.actions[t] = action;
        trajectory.rewards[t] = reward;
      }
      return trajectory;
    },

    differentiate: ({ steps, x, y: ys, modulators }, { logits, values }) => {
      const [policy, value] = [matrix('policy'), matrix('value')];
      const modulator = modulates ? matrix('modulator') : undefined;
      /** ∂loss/∂m(t), by the step after it. */
      let dModulator = 0;
      for (let t = steps - 1; t >= 0; t--) {
        const y = ys.subarray(t * n, (t + 1) * n);
        const dValue = values[t]!;
        const dMark = modulator === undefined ? 0 : dModulator * (1 - modulators[t]! ** 2);
        for (let i = 0; i < n; i++) {
          const unit = y[i]!;
          let sum = dValue * value[i]!;
          sums.value[i]! += dValue * unit;
          for (let k = 0; k < actions; k++) {
            const d = logits[t * actions + k]!;
            sum += d * policy[i * actions + k]!;
            sums.policy[i * actions + k]! += d * unit;
          }
          if (modulator !== undefined) {
            sum += dMark * modulator[i]!;
            sums.modulator![i]! += dMark * unit;
          }
          dy[i] = sum;
        }
        sums.valueBias[0]! += dValue;
        for (let k = 0; k < actions; k++) sums.policyBias[k]! += logits[t * actions + k]!;
        if (modulator !== undefined) sums.modulatorBias![0]! += dMark;
        const back = network.stepBack(dy);
        dModulator = back.modulator;
        for (let i = 0; i < inputs; i++) {
          const seen = x[t * inputs + i]!;
          if (seen === 0) continue;
          for (let j = 0; j < drives; j++) sums.input[i * drives + j]! += seen * back.drive[j]!;
        }
      }
    },

    gradients: () => {
      const { matrices, numbers } = core.gradients();
      return { matrices: { ...sums, ...matrices }, numbers };
    },
  };
}

/** sum += x · matrix, where most of x is zero. */
function addRows(x: Float32Array, matrix: Float32Array, sum: Float32Array): void {
  const n = sum.length;
  for (let i = 0; i < x.length; i++) {
    const seen = x[i]!;
    if (seen === 0) continue;
    for (let j = 0; j < n; j++) sum[j]! += seen * matrix[i * n + j]!;
  }
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

function softmax(drives: Float64Array): void {
  const highest = Math.max(...drives);
  let sum = 0;
  for (let k = 0; k < drives.length; k++) sum += drives[k] = Math.exp(drives[k]! - highest);
  for (let k = 0; k < drives.length; k++) drives[k]! /= sum;
}
