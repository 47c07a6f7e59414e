import { describe, expect, it } from 'vitest';
import type { ImageDataset } from '../data/grey-images.ts';
import { createRandom } from '../random.ts';
import { createBinaryRecall } from './binary-recall.ts';
import { createImageRecall } from './image-recall.ts';
import { ownRecall } from './own-recall.ts';
import type { RecallTask } from './recall.ts';

const presentations = { patterns: 2, presentationsPerPattern: 2, presentationSteps: 1, interPresentationDelay: 1, testSteps: 1 };
const binary = createBinaryRecall({ ...presentations, bits: 6, erasedShare: 0.5, inputGain: 20, extraNeurons: 1 });
const ramp = (base: number) => Uint16Array.from({ length: 16 }, (_, at) => base + 40 * at * at);
/** One and its mirror image, as an episode shows two. */
const pictures = (base: number) => [{ width: 4, height: 4, count: 2, pixels: Uint16Array.of(...ramp(base), ...ramp(base).reverse()) }];
const dataset = { training: pictures(7), evaluation: pictures(0) } as unknown as ImageDataset;
const images = createImageRecall({ ...presentations, imageSize: 4 }, dataset);

const draw = (task: RecallTask, seed = 1) => task.draw('evaluation', 1, createRandom(seed, 'test'), createRandom(seed, 'test'));
const rowsOf = ({ given, protocol }: ReturnType<typeof draw>) =>
  Array.from({ length: protocol.givens }, (_, row) => [...given.slice(row * protocol.neurons, (row + 1) * protocol.neurons)]);

const first = [1, 1, -1, -1, 1, -1];
const second = [-1, -1, -1, -1, -1, 1];

describe('own bits', () => {
  it('are shown in place of the drawn ones, in the same order, with the same bits left out', () => {
    for (let seed = 0; seed < 5; seed++) {
      const [drawn, own] = [draw(binary, seed), draw(ownRecall(binary, { kind: 'patterns', patterns: [first, second] }), seed)];
      expect(own.protocol).toEqual(drawn.protocol);
      expect(own.shown.map((pattern) => [...pattern])).toEqual([first, second]);
      const asked = [...drawn.shown[0]!].every((bit, at) => bit === drawn.targets[at]) ? first : second;
      expect([...own.targets]).toEqual(asked);
      const degraded = asked.map((bit, at) => (drawn.degraded[at] === 0 ? 0 : bit));
      expect([...own.degraded]).toEqual(degraded);
      expect([...own.zeroLosses]).toEqual([3]);
      const [one, two, question, clamps] = rowsOf(own);
      expect([one, two, question]).toEqual([first, second, degraded].map((bits) => [...bits.map((bit) => 20 * bit), 0, 0]));
      expect(clamps).toEqual(rowsOf(drawn)[3]);
    }
  });

  it.each([
    ['too few', [first], 'shows 2 patterns in an episode, not 1'],
    ['too short', [first, [1, -1]], 'has 6 values, and pattern 2 has 2'],
    ['no bits', [first, [...second.slice(1), 0.5]], 'a bit is 1 or -1, and pattern 2 holds 0.5'],
  ])('that are %s are refused with the rule', (_name, patterns, rule) => {
    expect(() => draw(ownRecall(binary, { kind: 'patterns', patterns }))).toThrow(rule);
  });
});

describe('own images', () => {
  const [one, two] = [[...ramp(0)], [...ramp(0)].reverse()];

  it('are made patterns as those of a data set are', () => {
    const own = draw(ownRecall(images, { kind: 'patterns', patterns: [one, two] }));
    // The held-out part has no others.
    expect(draw(images).shown).toContainEqual(own.shown[0]);
    expect([...own.shown[1]!]).toEqual([...own.shown[0]!].reverse());
  });

  it('lack the same half', () => {
    for (let seed = 0; seed < 5; seed++) {
      const drawn = draw(images, seed);
      const ofOwn = (...patterns: number[][]) => draw(ownRecall(images, { kind: 'patterns', patterns }), seed);
      const isInOrder = ofOwn(one, two).shown[0]!.every((value, at) => value === drawn.shown[0]![at]);
      const own = isInOrder ? ofOwn(one, two) : ofOwn(two, one);
      expect(own.degraded).toEqual(drawn.degraded);
      expect(own.given).toEqual(drawn.given);
      expect(own.zeroLosses[0]).toBeCloseTo(drawn.zeroLosses[0]!, 10);
    }
  });

  it.each([
    ['of one colour', Array<number>(16).fill(9), 'image 2 is of one colour'],
    ['without a number', [...one.slice(1), NaN], 'image 2 holds a value that is no finite number'],
  ])('%s are refused', (_name, image, rule) => {
    expect(() => draw(ownRecall(images, { kind: 'patterns', patterns: [one, image] }))).toThrow(rule);
  });
});

it('an episode of training is drawn from what the network was trained on', () => {
  const own = draw(ownRecall(images, { kind: 'training' }), 4);
  const training = images.draw('training', 1, createRandom(4, 'test'), createRandom(4, 'test'));
  expect(own).toEqual(training);
});
