/**
 * Cue-reward association (arXiv 2002.10585, its first task): each episode has cues of its own, one of which is the target. A trial shows half of the cues,
 * once each, and then asks whether the target was among them; only the reward tells whether the answer was right. Since several cues are shown, one trial
 * never says which is the target: what was learned from some has to be joined with others.
 */
import { InputError } from '../contract/errors.ts';
import { shuffledIndices, type Random } from '../random.ts';
import type { WorldEpisode } from './world.ts';

export interface CueRewardOptions {
  /** An even number; half of them are shown in a trial. */
  readonly cues: number;
  /** Of a cue, each -1 or 1. */
  readonly bits: number;
  /** Steps of an episode; its last trial may be cut. */
  readonly steps: number;
  /** What the right answer gives; the wrong one costs as much. */
  readonly reward: number;
}

/** "No" and "yes". */
export const cueRewardActions = 2;

/** A cue's bits, the signal to answer, a bias, the time, the last reward, and the last action. */
export const cueRewardInputs = ({ bits }: Pick<CueRewardOptions, 'bits'>) => bits + 4 + cueRewardActions;

/** What a step shows: a cue by its number from 0, nothing, or the signal to answer. */
export type Shown = number | 'nothing' | 'question';

export interface CueRewardEpisode extends WorldEpisode {
  /** [cues][bits]. */
  readonly cues: readonly Float32Array[];
  readonly target: number;
  /** Of each step that was done. */
  readonly shown: readonly Shown[];
}

/**
 * @throws InputError `cue-count` for an odd number, or one of which there are not so many different cues; `episode-too-short` where the first trial may
 * not come to its question, and every reward be 0.
 */
export function checkCues({ cues, bits, steps }: Pick<CueRewardOptions, 'cues' | 'bits' | 'steps'>): void {
  if (cues % 2 === 1 || cues < 2)
    throw new InputError('cue-count', `half of the cues are shown in a trial: cues must be even, not ${cues}`);
  if (cues > 2 ** bits) throw new InputError('cue-count', `there are ${2 ** bits} different cues of ${bits} bits, not ${cues}`);
  // Nothing, the cues among as many steps as there may be, the question.
  const longest = 1 + cues / 2 + (cues - 1) + 1;
  if (steps < longest)
    throw new InputError(
      'episode-too-short',
      `a trial with ${cues} cues comes to its question after up to ${longest} steps, and an episode has ${steps}`,
    );
}

/** @param random draws cues, target, and every trial. */
export function createCueRewardEpisode(options: CueRewardOptions, random: Random): CueRewardEpisode {
  const { bits, steps, reward } = options;
  const cues = drawCues(options, random);
  const target = random.integer(0, cues.length - 1);
  const shown: Shown[] = [];
  let trial: readonly Shown[] = [];
  let at = 0;
  let lastReward = 0;
  let lastAction = -1;
  return {
    cues,
    target,
    shown,
    observe: (into) => {
      if (at === trial.length) {
        trial = drawTrial(cues.length, random);
        at = 0;
      }
      into.fill(0);
      const now = trial[at]!;
      if (typeof now === 'number') into.set(cues[now]!);
      into[bits] = now === 'question' ? 1 : 0;
      into[bits + 1] = 1;
      into[bits + 2] = shown.length / steps;
      into[bits + 3] = lastReward;
      if (lastAction >= 0) into[bits + 4 + lastAction] = 1;
    },
    act: (action) => {
      const now = trial[at++]!;
      shown.push(now);
      lastAction = action;
      const isRight = trial.includes(target) === (action === 1);
      lastReward = now !== 'question' ? 0 : isRight ? reward : -reward;
      return lastReward;
    },
  };
}

/** Nothing; half of the cues among up to `cues` - 1 steps with nothing; the question; nothing, while the reward is seen. */
function drawTrial(cues: number, random: Random): Shown[] {
  const half = cues / 2;
  const length = half + random.integer(0, cues - 1);
  const order = shuffledIndices(cues, random).slice(0, half);
  const middle = shuffledIndices(length, random).map((place): Shown => order[place] ?? 'nothing');
  return ['nothing', ...middle, 'question', 'nothing'];
}

/** All different. */
function drawCues({ cues, bits }: CueRewardOptions, random: Random): Float32Array[] {
  const drawn = new Map<string, Float32Array>();
  while (drawn.size < cues) {
    const cue = Float32Array.from({ length: bits }, () => 2 * random.integer(0, 1) - 1);
    drawn.set(cue.join(), cue);
  }
  return [...drawn.values()];
}
