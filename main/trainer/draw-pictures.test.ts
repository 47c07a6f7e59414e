import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunSpec, type RunChoices } from '../../core/experiments/create-run-spec.ts';
import type { Training } from '../../core/training/training.ts';
import { listPictures } from '../run-folder/pictures.ts';
import { runPaths } from '../run-folder/run-paths.ts';
import { buildTraining } from './build-training.ts';
import { createPictures } from './draw-pictures.ts';

const choices: Partial<RunChoices> & { batch: number } = { batch: 2, episodes: 100, seed: 5 };
const image = { imageSize: 8, patterns: 2, presentationSteps: 3 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engram-drawing-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Every bit that it would go on from, after as many steps; `between` comes after each of them. */
async function train(
  spec: ReturnType<typeof createRunSpec>,
  between: (training: Training) => Promise<void>,
): Promise<Awaited<ReturnType<Training['capture']>>> {
  const { training, backend } = await buildTraining(spec, () => {}, join(folder, 'runs', 'run'));
  try {
    for (let step = 0; step < 4; step++) {
      await training.step(choices.batch);
      await between(training);
    }
    return await training.capture();
  } finally {
    training.dispose();
    backend.dispose();
  }
}

describe.each([
  ['images, on WebAssembly', createRunSpec({ ...choices, experiment: 'images', backend: 'wasm', settings: image })],
  ['images, in plain JavaScript', createRunSpec({ ...choices, experiment: 'images', backend: 'cpu', settings: image })],
  ['images, with an LSTM', createRunSpec({ ...choices, experiment: 'images', variant: 'lstm', backend: 'wasm', settings: image })],
  ['binary patterns', createRunSpec({ ...choices, experiment: 'binary', backend: 'wasm', settings: { bits: 20, patterns: 2 } })],
  ['small binary patterns', createRunSpec({ ...choices, experiment: 'binary', preset: 'small', backend: 'wasm' })],
  ['characters', createRunSpec({ ...choices, experiment: 'omniglot', preset: 'quick', backend: 'wasm' })],
  [
    'the maze',
    createRunSpec({ ...choices, experiment: 'maze', backend: 'wasm', settings: { mazeSize: 3, episodeSteps: 20, neurons: 12 } }),
  ],
])('drawing %s', (_name, spec) => {
  it('changes not one bit of the training', async () => {
    const undisturbed = await train(spec, () => Promise.resolve());
    const sizes = new Set<number>();
    const drawn = await train(spec, async (training) => {
      const picture = await training.draw();
      sizes.add(picture!.pixels.length);
    });
    expect(drawn).toEqual(undisturbed);
    expect(sizes.size).toBe(1);
  });
});

describe('pictures on the way', () => {
  const spec = createRunSpec({ ...choices, experiment: 'images', backend: 'wasm', settings: image });
  const paths = () => runPaths(folder);

  it('are drawn from the first evaluation on, and left out where they would take more than a hundredth of the time', async () => {
    // Asked at the beginning, before each of four pictures, and after those that are drawn and count: such a one takes 10 ms.
    const times = [0, 0, 500, 510, 900, 1000, 1010];
    let pictures: ReturnType<typeof createPictures> | undefined;
    await train(spec, async (training) => {
      pictures ??= createPictures(training, paths(), () => times.shift()!);
      await pictures.draw();
    });
    expect(times).toEqual([]);
    expect(listPictures(paths().pictures).map(({ iteration }) => iteration)).toEqual([1, 2, 4]);
  });

  it('are none where there is nothing to draw', async () => {
    const cues = createRunSpec({ ...choices, experiment: 'cue-reward', preset: 'small', backend: 'wasm' });
    await train(cues, (training) => createPictures(training, paths()).draw());
    expect(existsSync(paths().pictures)).toBe(false);
  });
});
