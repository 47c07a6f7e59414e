/**
 * A plastic recurrent network under a rule of the user's, by the engine's dense reference: connection by connection and step by step, in double
 * precision on the host, one episode at a time. What it learns, and how that begins, is as in the engine's own network.
 */
import { createHostLearned, type HostLearned } from '../networks/host-learned.ts';
import type { ConnectionRule } from '../plasticity/connection-rule.ts';
import { differentiateDense, runDense, type DenseNetwork } from '../plasticity/dense.ts';
import { isFullyClamped } from '../plasticity/protocol.ts';
import type { Random } from '../random.ts';
import type { RecallBatch } from '../tasks/recall.ts';
import { planStep } from './plan-step.ts';
import type { RecallMachine } from './recall-machine.ts';

export interface DenseMachineOptions {
  readonly neurons: number;
  /** The neurons that are judged: the first ones. */
  readonly outputs: number;
  readonly alphaKind: 'free' | 'yoked';
  readonly rule: ConnectionRule;
  readonly initialW: number;
  readonly initialAlpha: number;
  readonly initialEta: number;
}

/** @param random draws w, then alpha, standard normal times the initial scale. */
export function createDenseMachine(options: DenseMachineOptions, random: Random): RecallMachine {
  const { neurons, outputs, alphaKind, rule } = options;
  const isFree = alphaKind === 'free';
  const learned = createLearned(options, random);
  const network = (): DenseNetwork => ({
    rule,
    w: Float64Array.from(learned.matrix('w')),
    alpha: isFree ? Float64Array.from(learned.matrix('alpha')) : learned.number('alpha'),
    eta: learned.number('eta'),
  });
  const weights = () => ({
    w: learned.read('w'),
    alpha: isFree
      ? learned.read('alpha')
      : ({ dtype: 'F32', shape: [neurons, neurons], data: new Float32Array(neurons ** 2).fill(learned.number('alpha')) } as const),
    eta: { dtype: 'F32', shape: [1], data: Float32Array.of(learned.number('eta')) } as const,
  });

  return {
    answer: (batch, steps) => {
      const now = network();
      const answers = steps.map(() => new Float32Array(batch.batch * neurons));
      for (let episode = 0; episode < batch.batch; episode++) {
        const { y } = runDense(batch.protocol, now, givenOf(batch, episode));
        steps.forEach((step, at) => answers[at]!.set(y[step]!, episode * neurons));
      }
      return Promise.resolve(answers);
    },

    learn: async (batch, settings, iteration, judge) => {
      await Promise.resolve();
      const now = network();
      const last = batch.protocol.steps.length;
      const answer = new Float32Array(batch.batch * neurons);
      const sum = { w: new Float64Array(neurons ** 2), alpha: new Float64Array(isFree ? neurons ** 2 : 1), eta: 0 };
      for (let episode = 0; episode < batch.batch; episode++) {
        const run = runDense(batch.protocol, now, givenOf(batch, episode));
        const y = run.y[last]!;
        answer.set(y, episode * neurons);
        const dy = new Float64Array(neurons);
        for (let j = 0; j < outputs; j++) dy[j] = (2 / batch.batch) * (y[j]! - batch.targets[episode * outputs + j]!);
        const gradients = differentiateDense(batch.protocol, now, run, new Map([[last, dy]]));
        gradients.w.forEach((value, at) => (sum.w[at]! += value));
        gradients.alpha.forEach((value, at) => (sum.alpha[at]! += value));
        sum.eta += gradients.eta;
      }
      const judgement = judge(answer);
      const gradientNorm = Math.sqrt(squares(sum.w) + squares(sum.alpha) + sum.eta ** 2);
      const { learningRate, shrink, adam } = planStep(settings, iteration, judgement.loss, gradientNorm);
      const [matrices, numbers] = isFree
        ? [{ w: sum.w, alpha: sum.alpha }, { eta: sum.eta }]
        : [{ w: sum.w }, { eta: sum.eta, alpha: sum.alpha[0]! }];
      learned.update({ matrices, numbers }, shrink, adam);
      return { judgement, gradientNorm, learningRate };
    },

    steps: ({ steps }) => steps.flatMap((step, index) => (isFullyClamped(step) ? [] : [index + 1])),
    get eta() {
      return learned.number('eta');
    },
    followsProtocol: true,
    // hebb(0) there is a place of nothing.
    traces: (batch) => runDense(batch.protocol, network(), givenOf(batch, 0)).hebb.slice(1),
    weights: () => Promise.resolve(weights()),
    capture: () => Promise.resolve(learned.capture()),
    restore: learned.restore,
    liveTensors: () => 0,
    dispose: () => undefined,
  };
}

function createLearned({ neurons, alphaKind, ...initial }: DenseMachineOptions, random: Random): HostLearned {
  const drawMatrix = (scale: number) => ({
    shape: [neurons, neurons] as const,
    initial: Float32Array.from({ length: neurons ** 2 }, () => scale * random.normal()),
  });
  const w = drawMatrix(initial.initialW);
  if (alphaKind === 'yoked') return createHostLearned({ w }, { eta: initial.initialEta, alpha: initial.initialAlpha });
  return createHostLearned({ w, alpha: drawMatrix(initial.initialAlpha) }, { eta: initial.initialEta });
}

/** [G, N] of one episode. */
function givenOf({ given, batch, protocol }: RecallBatch, episode: number): Float64Array {
  const { neurons, givens } = protocol;
  const own = new Float64Array(givens * neurons);
  for (let row = 0; row < givens; row++) {
    own.set(given.subarray((row * batch + episode) * neurons, (row * batch + episode + 1) * neurons), row * neurons);
  }
  return own;
}

function squares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value ** 2, 0);
}
