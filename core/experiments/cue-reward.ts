/** Cue-reward association: which of the episode's cues is the target shows in rewards alone (arXiv 2002.10585, its first task). */
import type { ParameterValue } from '../contract/run-spec.ts';
import { checkCues } from '../tasks/cue-reward.ts';
import { actorCriticParameters, optimiserParameters, plasticityParameters, runParameters, unknownVersion } from './common-parameters.ts';
import type { Experiment } from './experiment.ts';
import type { Parameters, ValuesOf } from './parameter.ts';
import { readParameters } from './read-parameters.ts';

const paper = 'arXiv 2002.10585, first task';
const published = "the authors' published command for this task";

const parameters = {
  cues: {
    kind: 'number',
    group: 'task',
    default: 4,
    unit: 'cues',
    minimum: 2,
    maximum: 100,
    multipleOf: 2,
    meaning: 'Cues of an episode, one of them the target; every trial shows half of them.',
    source: paper,
  },
  cueBits: {
    kind: 'number',
    group: 'task',
    default: 20,
    unit: 'bits',
    minimum: 1,
    maximum: 1000,
    multipleOf: 1,
    meaning: 'Bits of a cue, each -1 or 1, drawn anew in every episode.',
    source: paper,
  },
  episodeSteps: {
    kind: 'number',
    group: 'task',
    default: 200,
    unit: 'steps',
    minimum: 1,
    maximum: 2000,
    multipleOf: 1,
    meaning: 'Time steps of an episode: trials follow each other until they are over.',
    source: `${paper} (${published}: 120)`,
  },
  reward: {
    kind: 'number',
    group: 'task',
    default: 1,
    unit: '',
    minimum: 0,
    maximum: 1000,
    meaning: 'What the right answer to a trial gives; the wrong one costs as much.',
    source: published,
  },
  neurons: {
    kind: 'number',
    group: 'network',
    default: 200,
    unit: 'neurons',
    minimum: 1,
    maximum: 1000,
    multipleOf: 1,
    meaning: 'Recurrent neurons.',
    source: paper,
  },
  ...plasticityParameters({ scale: 0.01, eta: 0.1, source: 'ours (published: w and alpha uniform from 0 to 0.01)' }),
  ...actorCriticParameters({
    discountSource: "the authors' defaults in the maze (arXiv 1804.02464)",
    valueWeight: 0.1,
    valueWeightSource: published,
    concentrationSource: published,
  }),
  ...optimiserParameters({
    learningRate: 1e-4,
    learningRateSource: published,
    decaySource: 'no decay is published',
    gradientClip: 2,
    gradientClipSource: published,
  }),
  ...runParameters({ evaluationEvery: 500, checkpointEvery: 500 }),
} as const satisfies Parameters;

export type CueRewardParameters = ValuesOf<typeof parameters>;

export const cueReward: Experiment = {
  name: 'cue-reward',
  title: 'Cue and reward',
  summary: 'Pairs of cues are shown, and the agent says whether one of them is the target; which one that is, only its rewards tell.',
  source: 'Miconi, Rawal, Clune, Stanley 2019, arXiv 2002.10585',
  variants: [
    { name: 'retroactive', meaning: 'the network itself says at every step how much its trace takes of what was active some time before' },
    { name: 'modulated', meaning: 'the network itself says at every step how much its trace takes of what is active now' },
    { name: 'free', meaning: 'one plasticity coefficient alpha a connection, and nothing that steers plasticity' },
    { name: 'yoked', meaning: 'the same, with one alpha shared by all connections' },
    { name: 'non-plastic', meaning: 'no plastic part: a plain recurrent network' },
    { name: 'lstm', meaning: 'a long short-term memory network with as many neurons' },
  ],
  score: {
    name: 'reward',
    label: 'reward',
    meaning: 'Sum of all rewards of an episode: 0 by guessing, about 31 by who knows the target from the beginning.',
    better: 'higher',
    format: 'number',
    average: 'episodes',
  },
  data: 'generated',
  parameters,
  check: (values) => {
    const { cues, cueBits, episodeSteps } = readCueRewardParameters(values);
    checkCues({ cues, bits: cueBits, steps: episodeSteps });
  },
  episodes: 6_000_000,
  batch: 30,
  presets: [
    {
      name: 'published',
      title: '120 steps',
      source: published,
      variant: 'retroactive',
      episodes: 6_000_000,
      parameters: { episodeSteps: 120, adamEpsilon: 1e-6 },
    },
    {
      name: 'small',
      title: 'Two cues, 50 neurons',
      source: 'ours: what an ordinary machine learns in minutes',
      variant: 'modulated',
      episodes: 100_000,
      batch: 10,
      parameters: { cues: 2, cueBits: 10, episodeSteps: 60, neurons: 50, learningRate: 1e-3 },
    },
  ],
  references: [
    {
      preset: 'small',
      variant: 'modulated',
      metric: 'score',
      points: [
        { episodes: 10_000, low: 3, high: 10 },
        { episodes: 20_000, low: 9, high: 11.5 },
        { episodes: 50_000, low: 10.5, high: 12 },
        { episodes: 100_000, low: 11, high: 12.5 },
      ],
      source: 'ours: three runs; the paper has no such task and gives no number that we have',
      untrained: { value: 0, untilEpisodes: 20_000 },
    },
  ],
  usualCauses: [
    'a task too large for its episodes: with four cues of 20 bits none of ours has learned anything yet',
    'a learning rate too high or too low',
    'modulators that stay at 0, so that the trace never changes',
    'gradients of a trace without a clip that become very large (gradientNorm)',
  ],
  deviations: [
    'The paper says that modulated networks learn this and others do not; it gives no number that we have, so the only reference band is of ours, for the preset small.',
    'Traces have no hard clip; the published code clips them.',
    'One modulator for all connections, read out of the activations directly; the published code sends it through one more weight a neuron.',
    'Biases of the policy, the critic and the modulator, and how all weights begin, are ours.',
    'The LSTM and the yoked network are ours, for comparison.',
    'It computes on the CPU whatever the backend: the network is small, and the fused kernel needs no library.',
    unknownVersion,
    'Nor do we know which version of the paper our values are of.',
  ],
};

/**
 * The parameters of a run of this experiment; those that its spec does not name have their defaults.
 * @throws InputError `unknown-parameter` or `parameter-out-of-range`.
 */
export function readCueRewardParameters(values: Readonly<Record<string, ParameterValue>>): CueRewardParameters {
  return readParameters(parameters, values);
}
