/** Trainings that take seconds: images of 4 × 4 pixels. */
import { createRunSpec, type RunChoices } from '../../core/experiments/create-run-spec.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';

const settings = {
  imageSize: 4,
  patterns: 2,
  presentationSteps: 2,
  presentationsPerPattern: 2,
  learningRate: 0.003,
  evaluationEvery: 0,
  checkpointEvery: 100,
  evaluationEpisodes: 5,
};

export function smallSpec(choices: Partial<RunChoices> = {}): RunSpec {
  return createRunSpec({
    experiment: 'images',
    backend: 'wasm',
    batch: 1,
    episodes: 300,
    ...choices,
    settings: { ...settings, ...choices.settings },
  });
}
