/**
 * Learning classes from few examples: an episode shows N characters K times each, with their labels, and asks for the label of another
 * drawing of one of them (arXiv 1804.02464, section 4.3; the task of Vinyals et al. 2016, arXiv 1606.04080).
 */
import { InputError } from '../contract/errors.ts';
import { drawingsPerCharacter, type Character, type CharacterDataset } from '../data/character-images.ts';
import { createRandom, shuffledIndices, type Random } from '../random.ts';
import { createSmallDrawings, placeTurned } from './few-shot-images.ts';

export interface FewShotOptions {
  /** N: classes in an episode. */
  readonly ways: number;
  /** K: labelled drawings of each. */
  readonly shots: number;
  /** Characters that training never shows, where the data set has five times as many; else a fifth of it. */
  readonly testClasses: number;
}

/** B episodes of S = ways · shots presentations and one question. */
export interface FewShotBatch {
  readonly batch: number;
  readonly ways: number;
  readonly presentations: number;
  readonly side: number;
  /** [B, S + 1, side, side], 0 for ink and 1 for paper; the last of an episode is the question. */
  readonly images: Float32Array;
  /** [B, S], 0 … ways - 1: what is shown with each presentation. */
  readonly labels: Uint8Array;
  /** [B]: the label of the question. */
  readonly targets: Uint8Array;
}

export interface FewShotTask {
  readonly trainingClasses: number;
  readonly testClasses: number;
  /** Every episode is drawn from its own stream, or several from one after another. */
  draw(part: 'training' | 'evaluation', episodes: readonly Random[]): FewShotBatch;
}

/** Of a data set too small for the published split, one class in so many is kept for testing. */
const classesPerTestClass = 5;
/** One class would leave nothing to tell apart. */
const fewestWays = 2;

/**
 * Classes are turned by a random multiple of 90° each, in training and testing, as in the published code.
 * The same classes are held out in every run on a data set.
 * @param side pixels on each side of an image.
 * @throws InputError `dataset-too-small` or `parameters-contradict` when an episode's classes are more than there are.
 */
export function createFewShotTask(options: FewShotOptions, dataset: CharacterDataset, side: number): FewShotTask {
  const { training, test } = splitClasses(options, dataset);
  const small = createSmallDrawings(side);
  const { ways, shots } = options;
  const presentations = ways * shots;

  const drawEpisode = (classes: readonly Character[], random: Random, batch: FewShotBatch, episode: number) => {
    const chosen = drawDistinct(classes.length, ways, random).map((index) => ({
      character: classes[index]!,
      quarters: random.integer(0, 3),
      drawings: drawDistinct(drawingsPerCharacter, shots + 1, random),
    }));
    let image = episode * (presentations + 1);
    const place = (label: number, drawing: number) => {
      const { character, quarters, drawings } = chosen[label]!;
      placeTurned(small(character, drawings[drawing]!), side, quarters, batch.images, image++ * side * side);
    };

    // Each round shows every class once.
    let presentation = episode * presentations;
    for (let round = 0; round < shots; round++) {
      for (const label of shuffledIndices(ways, random)) {
        place(label, round);
        batch.labels[presentation++] = label;
      }
    }
    const target = random.integer(0, ways - 1);
    place(target, shots);
    batch.targets[episode] = target;
  };

  return {
    trainingClasses: training.length,
    testClasses: test.length,
    draw: (part, episodes) => {
      const count = episodes.length;
      const images = new Float32Array(count * (presentations + 1) * side * side);
      const labels = new Uint8Array(count * presentations);
      const batch = { batch: count, ways, presentations, side, images, labels, targets: new Uint8Array(count) };
      episodes.forEach((random, episode) => drawEpisode(part === 'training' ? training : test, random, batch, episode));
      return batch;
    },
  };
}

/** @throws InputError `parameters-contradict` where the classes held out are too few for an episode, whatever the data set. */
export function checkTestClasses({ ways, testClasses }: Pick<FewShotOptions, 'ways' | 'testClasses'>): void {
  if (testClasses >= ways) return;
  throw new InputError('parameters-contradict', `${ways} ways need as many test classes, and testClasses is ${testClasses}`);
}

/**
 * How many of a data set's characters are kept for testing.
 * @throws InputError `dataset-too-small` or `parameters-contradict` where they are too few for an episode.
 */
export function countTestClasses(
  { ways, testClasses }: Pick<FewShotOptions, 'ways' | 'testClasses'>,
  name: string,
  characters: number,
): number {
  checkTestClasses({ ways, testClasses });
  const held = Math.min(testClasses, Math.floor(characters / classesPerTestClass));
  if (held >= ways) return held;
  throw new InputError(
    'dataset-too-small',
    `${name} has ${characters} characters, of which ${held} are kept for testing; ${ways} ways need ${ways} of them, ` +
      `and so ${ways * classesPerTestClass} characters: take ${held < fewestWays ? '' : `at most ${held} ways, or `}a larger data set`,
  );
}

function splitClasses(options: FewShotOptions, { name, characters }: CharacterDataset) {
  const held = countTestClasses(options, name, characters.length);
  const order = shuffledIndices(characters.length, createRandom(0, 'held-out classes')).map((index) => characters[index]!);
  return { test: order.slice(0, held), training: order.slice(held) };
}

/** `count` of 0 … `from` - 1, all different, in random order. */
function drawDistinct(from: number, count: number, random: Random): number[] {
  const drawn: number[] = [];
  while (drawn.length < count) {
    const candidate = random.integer(0, from - 1);
    if (!drawn.includes(candidate)) drawn.push(candidate);
  }
  return drawn;
}
