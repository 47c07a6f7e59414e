import { expect, it } from 'vitest';
import { findExperiment } from '../../core/experiments/index.ts';
import { describeExperiment } from './describe-experiment.ts';

const linesOf = (name: string) => describeExperiment(findExperiment(name)).map((line) => line.trim().replace(/ {2,}/g, ' | '));

it('gives each value of a preset with where it comes from', () => {
  const lines = linesOf('binary');
  expect(lines).toContain('small: 2 patterns of 50 bits; free, 5,000 episodes, batch 1 (arXiv 1804.02464 v1, section 4.1)');
  expect(lines).toContain('bits | 50 | arXiv 1804.02464 v1, section 4.1');
  expect(lines).toContain('testSteps | 6 | ours: no source of ours says how long the incomplete pattern is shown');
});

it('says how a default differs from its source', () => {
  const [learningRate] = linesOf('omniglot').filter((line) => line.startsWith('learningRate | 0.0003 | a number'));
  expect(learningRate).toContain('3e-5 at one episode an iteration; ten times as much, for our batch of 16');
});

it('gives the numbers of each band, for which runs they are, and the differences from the paper', () => {
  const lines = linesOf('images');
  const at = lines.findIndex((line) => line.startsWith('loss (free, batch 1, cifar-10-binary or cifar-10-python): arXiv 1804.02464 v1'));
  expect(lines.slice(at + 1, at + 3)).toEqual(['after 500 episodes | 32.0 to 48.0', 'after 1,600 episodes | 20.0 to 30.0']);
  expect(lines).toContain('- Patches without contrast are not drawn.');
  const { references: _, ...unexpected } = findExperiment('cue-reward');
  expect(describeExperiment({ ...unexpected, references: [] }).join()).not.toContain('Expected:');
});
