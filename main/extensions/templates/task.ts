import type { Episode, EpisodePlan, ProtocolStep, TaskExtension } from 'engram';

// Paired recall: pairs of a key and a value are shown, patterns of ±1; at the end a key comes alone, and the network is to answer its value.
// This file is a task that works as it is. Change it, or begin anew: docs/extending.md says what each part means.

interface Plan extends EpisodePlan {
  /** Whose key is shown at the end. */
  readonly asked: number;
}

type Settings = Record<'pairs' | 'valueBits' | 'keyBits' | 'presentationSteps' | 'testSteps' | 'inputGain', number>;

const whole = { kind: 'number', minimum: 1, multipleOf: 1 } as const;

export default {
  kind: 'task',
  title: 'Paired recall',
  summary: 'Shown some pairs of a key and a value, the network answers the value whose key it is shown again.',

  // By what people judge, list and compare runs; what is minimised is always Σ (answer - target)².
  score: {
    name: 'wrongBits',
    label: 'wrong bits',
    meaning: "Share of the value's bits that the answer gives the wrong sign.",
    better: 'lower',
    format: 'percent',
  },

  parameters: {
    pairs: { ...whole, default: 3, maximum: 20, unit: 'pairs', meaning: 'Pairs to memorise in an episode.' },
    valueBits: { ...whole, default: 8, maximum: 500, unit: 'bits', meaning: 'Length of a value.' },
    keyBits: { ...whole, default: 16, maximum: 500, unit: 'bits', meaning: 'Length of a key.' },
    presentationSteps: { ...whole, default: 3, maximum: 50, unit: 'steps', meaning: 'Time steps for which a pair stays.' },
    testSteps: { ...whole, default: 3, maximum: 50, unit: 'steps', meaning: 'Time steps for which the key is shown at the end.' },
    inputGain: { kind: 'number', default: 5, minimum: 0.1, maximum: 100, meaning: "What a bit adds to its neuron's drive before tanh." },
  },
  episodes: 1000,
  batch: 4,
  defaults: { learningRate: 3e-3, evaluationEvery: 50, checkpointEvery: 50 },

  create({ pairs, valueBits, keyBits, presentationSteps, testSteps, inputGain }: Settings, { drawPresentations }) {
    // The neurons that answer come first, then those that only see, and last the bias, which is clamped to 1 at every step.
    const neurons = valueBits + keyBits + 1;
    const seen = valueBits + keyBits;
    // The vectors that steps name: a pair each, then the key alone, then what is clamped.
    const [keyAlone, clamped] = [pairs, pairs + 1];
    const step = (label: string, input?: number): ProtocolStep => ({
      label,
      free: { start: 0, end: seen },
      given: clamped,
      ...(input === undefined ? {} : { input }),
    });

    return {
      neurons,
      outputs: valueBits,
      inputs: seen,
      inputScale: 1 / inputGain,

      // What all episodes of a batch share: the order of the steps, and which pair is asked for.
      drawPlan(random): Plan {
        const order = { patterns: pairs, presentationsPerPattern: 1, presentationSteps, interPresentationDelay: 1 };
        const steps = drawPresentations(order, (pair) => step(`pair ${pair + 1}`, pair), step('blank'), random);
        for (let at = 0; at < testSteps; at++) steps.push(step('key', keyAlone));
        return { steps, vectors: pairs + 2, asked: random.integer(0, pairs - 1) };
      },

      // What differs: the patterns.
      drawEpisode({ asked }: Plan, random): Episode {
        const drawBits = (length: number) => Array.from({ length }, () => 2 * random.integer(0, 1) - 1);
        const drawn = Array.from({ length: pairs }, () => ({ value: drawBits(valueBits), key: drawBits(keyBits) }));
        const vector = (value: number[], key: number[], bias: number) => [...[...value, ...key].map((bit) => bit * inputGain), bias];
        const { value: target, key } = drawn[asked]!;
        const none = (length: number) => new Array<number>(length).fill(0);
        return {
          vectors: [
            ...drawn.map((pair) => vector(pair.value, pair.key, 0)),
            vector(none(valueBits), key, 0),
            vector(none(valueBits), none(keyBits), 1),
          ],
          target,
          shown: drawn.map(({ value }) => value),
        };
      },

      score(answer, target) {
        return target.filter((bit, at) => !(answer[at]! * bit > 0)).length / target.length;
      },
    };
  },
} satisfies TaskExtension;
