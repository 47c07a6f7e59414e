/** What fixed seeds have given since agents are trained in shares: a change of these numbers is a change of results, and has to be said. */
import { expect, it } from 'vitest';
import { readCueRewardParameters } from '../experiments/cue-reward.ts';
import { readMazeParameters } from '../experiments/maze.ts';
import { createCueRewardTraining } from './cue-reward-training.ts';
import { createMazeTraining } from './maze-training.ts';
import type { Training } from './training.ts';

/** Everything that decides these numbers, so that other defaults do not change them. */
const common = {
  episodeSteps: 40,
  neurons: 12,
  rule: 'hebb',
  initialW: 0.2,
  initialAlpha: 0.2,
  initialEta: 0.2,
  discount: 0.9,
  valueWeight: 0.05,
  concentrationWeight: 0.1,
  learningRate: 0.01,
  gradientClip: 10,
};
const mazeSettings = { ...common, mazeSize: 3, reward: 10, wallPenalty: 0.1 };
const maze = readMazeParameters({ ...mazeSettings, lastActionInput: 'yes' });
/** The rule and the inputs with which it is trained now. */
const mazeAsShipped = readMazeParameters({ ...mazeSettings, rule: 'oja', lastActionInput: 'no' });
const cueReward = readCueRewardParameters({ ...common, cues: 4, cueBits: 6, reward: 1 });

interface Values {
  /** Of iterations 1 and 4, five episodes each. */
  readonly losses: readonly [number, number];
  readonly gradientNorm: number;
  readonly score: number;
}

async function valuesOf(training: Training): Promise<Values> {
  const first = await training.step(5);
  for (let iteration = 2; iteration < 4; iteration++) await training.step(5);
  const last = await training.step(5);
  return { losses: [first.loss, last.loss], gradientNorm: last.gradientNorm, score: last.score };
}

/** Processors round fused products differently: within five digits. */
function expectValues(found: Values, expected: Values): void {
  const near = (value: number) => expect.closeTo(value, 5 - Math.ceil(Math.log10(Math.abs(value) + 1))) as number;
  expect(found).toEqual({
    losses: expected.losses.map(near),
    gradientNorm: near(expected.gradientNorm),
    score: expect.closeTo(expected.score, 9) as number,
  });
}

it.each<[string, Values]>([
  ['free', { losses: [102.854975, 309.108286], gradientNorm: 68.607033, score: 19.92 }],
  ['yoked', { losses: [126.800155, 144.669626], gradientNorm: 49.894692, score: 13.62 }],
  ['non-plastic', { losses: [293.688728, 288.525219], gradientNorm: 44.983995, score: 19.68 }],
  ['lstm', { losses: [176.13704, 389.501637], gradientNorm: 39.173792, score: 23.94 }],
  ['modulated', { losses: [207.869035, 335.484385], gradientNorm: 59.044979, score: 24.08 }],
  ['retroactive', { losses: [137.893237, 181.098165], gradientNorm: 55.140652, score: 14.1 }],
])('the maze, %s', async (variant, expected) => {
  expectValues(await valuesOf(createMazeTraining(maze, variant, 7)), expected);
});

it.each<[string, Values]>([
  ['free', { losses: [257.056387, 292.163053], gradientNorm: 55.119234, score: 20.02 }],
  ['yoked', { losses: [219.470198, 194.626203], gradientNorm: 71.206047, score: 19.7 }],
  ['non-plastic', { losses: [45.645846, 290.266476], gradientNorm: 44.572119, score: 22.08 }],
  ['lstm', { losses: [282.251689, 280.579786], gradientNorm: 30.096496, score: 19.88 }],
  ['modulated', { losses: [155.829022, 356.74568], gradientNorm: 70.161406, score: 24 }],
  ['retroactive', { losses: [155.057491, 285.243389], gradientNorm: 54.832336, score: 19.94 }],
])('the maze with Oja and without the last action, %s', async (variant, expected) => {
  expectValues(await valuesOf(createMazeTraining(mazeAsShipped, variant, 7)), expected);
});

it.each<[string, Values]>([
  ['free', { losses: [-2.489782, 6.639239], gradientNorm: 5.091931, score: 0.4 }],
  ['yoked', { losses: [-2.994417, 2.870579], gradientNorm: 3.548316, score: -0.4 }],
  ['non-plastic', { losses: [-2.531559, 4.012403], gradientNorm: 3.039134, score: 0 }],
  ['lstm', { losses: [0.331249, 9.233341], gradientNorm: 1.476198, score: 0.8 }],
  ['modulated', { losses: [-2.880123, 5.561839], gradientNorm: 5.14961, score: 0.4 }],
  ['retroactive', { losses: [-2.792421, 6.791807], gradientNorm: 5.406499, score: 0.4 }],
])('cues and rewards, %s', async (variant, expected) => {
  expectValues(await valuesOf(createCueRewardTraining(cueReward, variant, 7)), expected);
});
