import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { checkCues, createCueRewardEpisode, cueRewardInputs, type CueRewardOptions } from './cue-reward.ts';

const paper: CueRewardOptions = { cues: 4, bits: 20, steps: 200, reward: 1 };

/** The whole episode, answered by `answer`. */
function play(options: CueRewardOptions, seed: number, answer: (x: Float32Array, step: number) => number) {
  const episode = createCueRewardEpisode(options, createRandom(seed, 'cues'));
  const inputs: Float32Array[] = [];
  const rewards: number[] = [];
  for (let step = 0; step < options.steps; step++) {
    const x = new Float32Array(cueRewardInputs(options)).fill(NaN);
    episode.observe(x);
    inputs.push(x);
    rewards.push(episode.act(answer(x, step)));
  }
  return { episode, inputs, rewards };
}

const anyOptions = fc
  .record({ half: fc.integer({ min: 1, max: 4 }), bits: fc.integer({ min: 3, max: 20 }), steps: fc.integer({ min: 1, max: 120 }) })
  .map(({ half, bits, steps }): CueRewardOptions => ({ cues: 2 * half, bits, steps, reward: 2 }));

describe('cue-reward association', () => {
  it('has trials as they are said to be, whatever the options', () => {
    fc.assert(
      fc.property(anyOptions, fc.nat(), (options, seed) => {
        const { episode, inputs, rewards } = play(options, seed, (_, step) => step % 2);
        const { cues, target, shown } = episode;
        expect(new Set(cues.map((cue) => cue.join())).size).toBe(options.cues);
        expect(cues.flatMap((cue) => [...cue]).every((bit) => Math.abs(bit) === 1)).toBe(true);
        let begun = 0;
        shown.forEach((what, step) => {
          const x = inputs[step]!;
          const cue = typeof what === 'number' ? cues[what]! : new Float32Array(options.bits);
          const lastAction = step === 0 ? [0, 0] : (step - 1) % 2 === 0 ? [1, 0] : [0, 1];
          const others = [what === 'question' ? 1 : 0, 1, step / options.steps, rewards[step - 1] ?? 0, ...lastAction];
          expect([...x]).toEqual([...cue, ...others.map(Math.fround)]);
          if (what !== 'question') {
            expect(rewards[step]).toBe(0);
            return;
          }
          const trial = shown.slice(begun, step);
          const seen = trial.filter((one) => typeof one === 'number');
          expect([trial[0], shown[step + 1] ?? 'nothing']).toEqual(['nothing', 'nothing']);
          expect([seen.length, new Set(seen).size]).toEqual([options.cues / 2, options.cues / 2]);
          expect(trial.length).toBeLessThanOrEqual(1 + options.cues / 2 + options.cues - 1);
          const right = seen.includes(target) ? 1 : 0;
          expect(rewards[step]).toBe(step % 2 === right ? 2 : -2);
          begun = step + 2;
        });
      }),
      { numRuns: 200 },
    );
  });

  it('gives nothing to who always says the same or guesses, and all to who knows the target', () => {
    const total = (answer: (x: Float32Array, step: number, seed: number) => number) => {
      let sum = 0;
      for (let seed = 0; seed < 300; seed++)
        sum += play(paper, seed, (x, step) => answer(x, step, seed)).rewards.reduce((a, b) => a + b, 0);
      return sum / 300;
    };
    expect(Math.abs(total(() => 1))).toBeLessThan(1.5);
    expect(Math.abs(total((_, step) => step % 2))).toBeLessThan(1.5);
    const targets = Array.from({ length: 300 }, (_, seed) => play(paper, seed, () => 0).episode).map(({ cues, target }) => cues[target]!);
    let seen = 0;
    const knowing = total((x, _, seed) => {
      const cue = x.subarray(0, 20);
      if (cue.some((bit) => bit !== 0) && cue.every((bit, at) => bit === targets[seed]![at])) seen = 1;
      if (x[20] !== 1) return 0;
      const answer = seen;
      seen = 0;
      return answer;
    });
    // A trial has 6.5 steps in the mean, of 200.
    expect(knowing).toBeGreaterThan(29.5);
    expect(knowing).toBeLessThan(31.5);
  });

  it('is another one with every seed, and the same with the same', () => {
    const cues = (seed: number) => play(paper, seed, () => 0).episode.cues;
    expect(cues(1)).toEqual(cues(1));
    expect(cues(2)).not.toEqual(cues(1));
  });

  it('comes to a question in the shortest episode that is allowed', () => {
    const shortest = { ...paper, steps: 7 };
    checkCues(shortest);
    expect(() => checkCues({ ...shortest, steps: 6 })).toThrow();
    for (let seed = 0; seed < 50; seed++) {
      expect(play(shortest, seed, () => 0).episode.shown).toContain('question');
    }
  });

  it.each([
    [{ cues: 3, bits: 5, steps: 60 }, 'cues must be even, not 3'],
    [{ cues: 0, bits: 5, steps: 60 }, 'cues must be even, not 0'],
    [{ cues: 10, bits: 3, steps: 60 }, 'there are 8 different cues of 3 bits, not 10'],
    [{ cues: 4, bits: 5, steps: 6 }, 'a trial with 4 cues comes to its question after up to 7 steps, and an episode has 6'],
  ])('refuses %j', (options, message) => {
    expect(() => checkCues(options)).toThrow(message);
  });
});
