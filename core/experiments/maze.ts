/** The grid maze: find a hidden reward, remember within the episode where it was, and go back (arXiv 1804.02464, section 4.4). */
import type { ParameterValue } from '../contract/run-spec.ts';
import { checkMaze } from '../tasks/maze.ts';
import { actorCriticParameters, optimiserParameters, plasticityParameters, runParameters, unknownVersion } from './common-parameters.ts';
import type { Experiment } from './experiment.ts';
import type { Parameters, ValuesOf } from './parameter.ts';
import { readParameters } from './read-parameters.ts';

const paper = 'arXiv 1804.02464 v1, section 4.4';
const published = "the authors' published defaults";

const parameters = {
  mazeSize: {
    kind: 'number',
    group: 'task',
    default: 9,
    unit: 'cells',
    minimum: 3,
    maximum: 31,
    multipleOf: 1,
    meaning: 'Cells on each side between the walls around: an odd number, for every second one is a pillar.',
    source: paper,
  },
  episodeSteps: {
    kind: 'number',
    group: 'task',
    default: 250,
    unit: 'steps',
    minimum: 1,
    maximum: 2000,
    multipleOf: 1,
    meaning: 'Time steps of an episode.',
    source: paper,
  },
  reward: {
    kind: 'number',
    group: 'task',
    default: 10,
    unit: '',
    minimum: 0,
    maximum: 1000,
    meaning: 'What the agent gets at the hidden place, from which it is then put to a random one.',
    source: paper,
  },
  wallPenalty: {
    kind: 'number',
    group: 'task',
    default: 0.1,
    unit: '',
    minimum: 0,
    maximum: 1000,
    meaning: 'What bumping into a wall costs.',
    source: paper,
  },
  lastActionInput: {
    kind: 'choice',
    group: 'task',
    default: 'no',
    choices: ['no', 'yes'],
    meaning: 'Whether the agent is told what it did last. With that, a plain network can follow where it is by its own steps.',
    source: `${published} (yes in those of arXiv 2002.10585)`,
    before: 'yes',
  },
  neurons: {
    kind: 'number',
    group: 'network',
    default: 100,
    unit: 'neurons',
    minimum: 1,
    maximum: 1000,
    multipleOf: 1,
    meaning: 'Recurrent neurons.',
    source: `${paper} (${published}: 200)`,
  },
  ...plasticityParameters({ rule: 'oja', scale: 0.01, eta: 0.01, source: published }),
  ...actorCriticParameters({
    discountSource: published,
    valueWeight: 0.03,
    valueWeightSource: `${published} (0.03 to 0.1)`,
    concentrationSource: published,
  }),
  ...optimiserParameters({
    learningRate: 3e-4,
    learningRateSource: `ours, for batches of 30 (${published}: 1e-4, an episode at a time)`,
    decaySource: 'ours: no decay',
    gradientClip: 10,
    gradientClipSource:
      'ours: through a long plastic episode gradients grow by a hundred times; longer steps make the reward fall back now and then',
  }),
  ...runParameters({ evaluationEvery: 500, checkpointEvery: 500 }),
} as const satisfies Parameters;

export type MazeParameters = ValuesOf<typeof parameters>;

const ofOneRun = 'ours, of one run that ended with the last point, and wide; we have no number of the paper for it';
/** Rewards fall back now and then, by far and for a while: the bands are where runs mostly are. */
const before = "the points before are ours, not the paper's, wide and of few runs, which fall out of them now and then";

export const maze: Experiment = {
  name: 'maze',
  title: 'Grid maze',
  summary: 'An agent that sees only the cells around it finds a hidden reward, and has to remember within the episode where it was.',
  source: 'Miconi, Stanley, Clune 2018, arXiv 1804.02464 v1, section 4.4',
  variants: [
    { name: 'free', meaning: 'one plasticity coefficient alpha a connection' },
    { name: 'yoked', meaning: 'one alpha shared by all connections' },
    { name: 'non-plastic', meaning: 'no plastic part: a plain recurrent network, which must keep the place in its activity' },
    { name: 'lstm', meaning: 'a long short-term memory network with as many neurons, the baseline without plasticity' },
    { name: 'modulated', meaning: 'free, and the network itself says at every step how much its trace changes (arXiv 2002.10585)' },
    { name: 'retroactive', meaning: 'modulated, where what changes the trace is what was active some time before (the same paper)' },
  ],
  score: {
    name: 'reward',
    label: 'reward',
    meaning: 'Sum of all rewards of an episode.',
    better: 'higher',
    format: 'number',
    average: 'episodes',
  },
  data: 'generated',
  parameters,
  check: (values) => checkMaze({ size: readMazeParameters(values).mazeSize }),
  episodes: 1_000_000,
  batch: 30,
  presets: [
    {
      name: 'large',
      title: '200 neurons',
      source: published,
      variant: 'free',
      episodes: 1_000_000,
      parameters: { neurons: 200 },
    },
  ],
  references: [
    {
      variant: 'free',
      metric: 'score',
      points: [
        { episodes: 100_000, low: 15, high: 90 },
        { episodes: 200_000, low: 30, high: 120 },
        { episodes: 500_000, low: 50, high: 170 },
        { episodes: 1_000_000, low: 120, high: 180 },
      ],
      source: `${paper}: a reward of about 150 after a million episodes, read off a figure, ± 20 %; three runs of ours ended at 229, 196 and 75; ${before}`,
      untrained: { value: 10, untilEpisodes: 300_000 },
    },
    {
      variant: 'non-plastic',
      metric: 'score',
      points: [
        { episodes: 50_000, low: 20, high: 80 },
        { episodes: 600_000, low: 20, high: 95 },
        { episodes: 1_000_000, low: 44, high: 72 },
      ],
      source: `${paper}: a reward of 55 to 60 after a million episodes, read off a figure, ± 20 %; three runs of ours ended at 44, 44 and 107; ${before}`,
      untrained: { value: 10, untilEpisodes: 300_000 },
    },
    {
      preset: 'large',
      variant: 'free',
      metric: 'score',
      points: [
        { episodes: 50_000, low: 25, high: 90 },
        { episodes: 100_000, low: 35, high: 120 },
        { episodes: 150_000, low: 50, high: 160 },
      ],
      source: 'ours, of one run of 150,000 episodes, and wide; we read no number of this size off the paper',
      untrained: { value: 10, untilEpisodes: 200_000 },
    },
    {
      variant: 'modulated',
      metric: 'score',
      points: [
        { episodes: 150_000, low: 50, high: 160 },
        { episodes: 200_000, low: 100, high: 220 },
        { episodes: 300_000, low: 140, high: 260 },
      ],
      source: ofOneRun,
      untrained: { value: 10, untilEpisodes: 200_000 },
    },
    {
      variant: 'lstm',
      metric: 'score',
      points: [
        { episodes: 50_000, low: 25, high: 70 },
        { episodes: 150_000, low: 45, high: 125 },
        { episodes: 300_000, low: 80, high: 180 },
        { episodes: 445_000, low: 125, high: 250 },
      ],
      source: ofOneRun,
      untrained: { value: 10, untilEpisodes: 200_000 },
    },
  ],
  usualCauses: [
    'a learning rate too high: the reward comes and falls back',
    'a concentrationWeight so small that the agent settles before it has found the reward, or so large that it never does',
    'gradients that are not shortened, or too much so (gradientClip, gradientNorm)',
    'a wallPenalty that makes standing still worth more than trying',
  ],
  deviations: [
    'A million episodes at a batch of 30 are 33,333 steps of Adam; the code of the paper takes one after every episode, at 1e-4 and with an epsilon of 1e-4, and shortens no gradient.',
    'The agent starts at a random free cell, and never on the reward; in the published code it starts in the middle.',
    'The time is a share of the episode; the published code gives the number of the step.',
    'Biases of the policy and of the critic, and how all weights but w and alpha begin, are ours.',
    'It computes on the CPU whatever the backend: the network is small, and the fused kernel needs no library.',
    unknownVersion,
  ],
};

/**
 * The parameters of a run of this experiment; those that its spec does not name have their defaults.
 * @throws InputError `unknown-parameter` or `parameter-out-of-range`.
 */
export function readMazeParameters(values: Readonly<Record<string, ParameterValue>>): MazeParameters {
  return readParameters(parameters, values);
}
