/** Supervised training of a recall task: draw a batch, run it, go back through it, step. */
import type { Backend } from '../backend/operations.ts';
import type { EpisodeChange } from '../contract/ablation.ts';
import type { OptimiserSettings } from '../experiments/common-parameters.ts';
import type { NamedArray } from '../files/named-arrays.ts';
import { drawReconstructionStrip } from '../files/reconstruction-strip.ts';
import type { Network } from '../networks/network.ts';
import { createTraceFactors, rightFactors, traceMatrix } from '../inspection/trace-factors.ts';
import type { Rule } from '../plasticity/protocol.ts';
import { createRandom } from '../random.ts';
import type { RecallBatch, RecallTask } from '../tasks/recall.ts';
import { changeRecall } from './ablate-recall.ts';
import { episodeArrays } from './episode-arrays.ts';
import { createNetworkMachine, type RecallMachine } from './recall-machine.ts';
import { readStream } from './saved-stream.ts';
import type { Reconstruction, Training } from './training.ts';

export interface RecallTrainingOptions extends OptimiserSettings {
  readonly rule: Rule;
}

export interface MachineTrainingOptions extends OptimiserSettings {
  /** Undefined for a rule of the user's. */
  readonly rule: Rule | undefined;
}

const drawnEpisodes = 4;
/** Of all steps together, that are still given to somebody who looks: 64 MB. */
const mostTraceNumbers = 2 ** 24;

export function createRecallTraining(
  task: RecallTask,
  network: Network,
  options: RecallTrainingOptions,
  seed: number,
  { operations }: Backend,
): Training {
  return trainRecall(task, createNetworkMachine(network, task.outputs, operations), options, seed);
}

export function trainRecall(task: RecallTask, machine: RecallMachine, options: MachineTrainingOptions, seed: number): Training {
  const { neurons, outputs } = task;
  let protocols = createRandom(seed, 'protocols');
  let patterns = createRandom(seed, 'patterns');
  let iteration = 0;
  let episodes = 0;

  const score = (errors: Errors, batch: RecallBatch) => {
    if (task.score !== undefined) return errors.ownScore;
    return task.binary ? errors.wrongBits : errors.loss / mean(batch.zeroLosses);
  };
  const findErrors = (y: Float32Array, stride: number, batch: RecallBatch) => sumErrors(y, stride, batch, task.score);

  // A plastic network of the user's may have anything for a trace.
  const traceEta = () => (machine.followsProtocol ? machine.eta : undefined);

  const heldOut = (episodeSeed: number, change: EpisodeChange = {}) => {
    const random = createRandom(episodeSeed, 'held-out episode');
    const runner = { hasDrives: machine.followsProtocol, hasTrace: traceEta() !== undefined };
    return changeRecall(task.draw('evaluation', 1, random, random), change, runner, episodeSeed);
  };

  const observe = async (episodeSeed: number, change?: EpisodeChange) => {
    const batch = heldOut(episodeSeed, change);
    const computing = machine.steps(batch.protocol);
    const activations = await machine.answer(batch, computing);
    const computed = new Map(computing.map((step, index) => [step, activations[index]!]));
    const errors = findErrors(computed.get(batch.protocol.steps.length)!, neurons, batch);
    return { batch, arrays: episodeArrays(batch, computed, errors.loss), errors };
  };

  const reconstruct = async (episodeSeed: number, change?: EpisodeChange): Promise<Reconstruction> => {
    const batch = heldOut(episodeSeed, change);
    const [y] = await machine.answer(batch, [batch.protocol.steps.length]);
    const { shown, degraded, targets } = batch;
    return {
      seed: episodeSeed,
      ...task.picture,
      shown,
      degraded,
      reconstructed: y!.slice(0, outputs),
      target: targets,
      loss: findErrors(y!, neurons, batch).loss,
    };
  };

  return {
    get iteration() {
      return iteration;
    },
    get episodes() {
      return episodes;
    },

    step: async (size) => {
      // A batch: one protocol, patterns of their own.
      const batch = task.draw('training', size, protocols, patterns);
      // Forward and backward through the episode, then a step of Adam.
      const { judgement, gradientNorm, learningRate } = await machine.learn(batch, options, iteration + 1, (y) =>
        findErrors(y, neurons, batch),
      );
      iteration++;
      episodes += size;
      const { eta } = machine;
      return {
        iteration,
        episodes,
        batch: size,
        loss: judgement.loss,
        score: score(judgement, batch),
        gradientNorm,
        learningRate,
        more: {
          ...(eta === undefined ? {} : { eta }),
          ...(task.binary ? { meanSquaredError: judgement.loss / outputs } : {}),
        },
      };
    },

    evaluate: async (count, change) => {
      const losses: number[] = [];
      let [zero, wrong, own] = [0, 0, 0];
      for (let episodeSeed = 0; episodeSeed < count; episodeSeed++) {
        const batch = heldOut(episodeSeed, change);
        const [y] = await machine.answer(batch, [batch.protocol.steps.length]);
        const { loss, wrongBits, ownScore } = findErrors(y!, neurons, batch);
        losses.push(loss);
        own += ownScore;
        wrong += wrongBits;
        zero += batch.zeroLosses[0]!;
      }
      const loss = mean(losses);
      const common = task.binary ? wrong / count : (loss * count) / zero;
      return { episodes: count, loss, score: task.score === undefined ? common : own / count, losses };
    },

    draw: async () => {
      const reconstructions: Reconstruction[] = [];
      for (let episodeSeed = 0; episodeSeed < drawnEpisodes; episodeSeed++) reconstructions.push(await reconstruct(episodeSeed));
      return drawReconstructionStrip(reconstructions);
    },

    exportEpisode: async (episodeSeed) => {
      const { arrays, batch } = await observe(episodeSeed);
      const own = machine.traces?.(batch).at(-1);
      if (own !== undefined) return { ...arrays, hebb: { dtype: 'F32', shape: [neurons, neurons], data: Float32Array.from(own) } };
      const eta = traceEta();
      if (eta === undefined || options.rule === undefined) return arrays;
      const steps = batch.protocol.steps.length;
      const factors = createTraceFactors({ rule: options.rule, eta, steps, neurons, y: arrays.y.data });
      const hebb = traceMatrix(factors, rightFactors(factors, steps + 1));
      return { ...arrays, hebb: { dtype: 'F32', shape: [neurons, neurons], data: hebb } };
    },

    inspect: async (episodeSeed, change) => {
      const { batch, arrays, errors } = await observe(episodeSeed, change);
      const isShort = (batch.protocol.steps.length + 1) * neurons ** 2 <= mostTraceNumbers;
      const traces = isShort ? machine.traces?.(batch) : undefined;
      return {
        arrays: traces === undefined ? arrays : { ...arrays, traces: stackTraces(traces, neurons) },
        labels: batch.protocol.steps.map(({ label }) => label),
        rule: traces !== undefined ? 'own' : traceEta() === undefined ? null : (options.rule ?? null),
        eta: machine.eta ?? null,
        clearedAt: batch.protocol.clearedAt ?? null,
        picture: task.picture,
        loss: errors.loss,
        score: score(errors, batch),
      };
    },
    reconstruct,

    weights: machine.weights,
    capture: async () => {
      const arrays = await machine.capture();
      const plans = machine.plans === undefined ? {} : { plans: machine.plans.capture() };
      return { arrays, state: { iteration, episodes, opaque: { protocols: protocols.state(), patterns: patterns.state(), ...plans } } };
    },
    restore: (saved) => {
      const streams = [readStream(saved, 'protocols'), readStream(saved, 'patterns')] as const;
      // Checkpoints of before have none.
      machine.plans?.restore((saved.state.opaque as { readonly plans?: unknown }).plans);
      machine.restore(saved.arrays);
      [protocols, patterns] = streams;
      ({ iteration, episodes } = saved.state);
      return Promise.resolve();
    },
    liveTensors: machine.liveTensors,
    dispose: machine.dispose,
  };
}

/** [T + 1, N, N]. */
function stackTraces(traces: readonly Float64Array[], neurons: number): NamedArray {
  const data = new Float32Array(traces.length * neurons ** 2);
  traces.forEach((trace, at) => data.set(trace, at * neurons ** 2));
  return { dtype: 'F32', shape: [traces.length, neurons, neurons], data };
}

interface Errors {
  /** Mean over the batch of Σ (y - target)² over the neurons that are judged. */
  readonly loss: number;
  /** Share of these whose sign is not the target's; an answer of zero is wrong. */
  readonly wrongBits: number;
  /** Mean of the task's own score; 0 where it has none, NaN where an answer is no number. */
  readonly ownScore: number;
}

/** @param y [B, stride]. */
function sumErrors(y: Float32Array, stride: number, { targets, batch }: RecallBatch, score: RecallTask['score']): Errors {
  const outputs = targets.length / batch;
  let [loss, wrong, own] = [0, 0, 0];
  for (let episode = 0; episode < batch; episode++) {
    let sum = 0;
    for (let neuron = 0; neuron < outputs; neuron++) {
      const answer = y[episode * stride + neuron]!;
      const target = targets[episode * outputs + neuron]!;
      sum += (answer - target) ** 2;
      if (!(answer * target > 0)) wrong++;
    }
    loss += sum;
    if (score !== undefined) {
      const answer = y.slice(episode * stride, episode * stride + outputs);
      own += Number.isFinite(sum) ? score(answer, targets.slice(episode * outputs, (episode + 1) * outputs)) : NaN;
    }
  }
  return { loss: loss / batch, wrongBits: wrong / targets.length, ownScore: own / batch };
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}
