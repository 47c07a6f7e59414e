import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import type { GreyImages, ImageDataset } from '../data/grey-images.ts';
import { createImageRecall, drawImageBatch, drawImageProtocol } from './image-recall.ts';

const options = { patterns: 3, presentationsPerPattern: 3, presentationSteps: 20, interPresentationDelay: 2, testSteps: 3, imageSize: 4 };
const images: GreyImages[] = [
  { count: 5, width: 6, height: 6, pixels: Uint16Array.from({ length: 180 }, (_, at) => (at * at * 37) % 701) },
];

const datasetOf = (training: GreyImages[], evaluation: GreyImages[]): ImageDataset => ({
  ...{ name: 'mine', format: 'image-folder', sha256: '', note: '' },
  ...{ training, evaluation },
});

describe('the images task', () => {
  it('says which size would do where images are smaller than its patterns', () => {
    expect(createImageRecall({ ...options, imageSize: 6 }, datasetOf(images, images)).outputs).toBe(36);
    expect(() => createImageRecall({ ...options, imageSize: 8 }, datasetOf(images, images))).toThrow(
      expect.objectContaining({
        code: 'images-too-small',
        message: 'imageSize 8 asks for pieces of 8 × 8, and mine has images of 6 × 6: an imageSize up to 6, or larger images, would do',
      }),
    );
  });

  it('says how many images would do where an episode could show but one of them', () => {
    const few = images.map((block) => ({ ...block, count: 2 }));
    const whole = { ...options, imageSize: 6 };
    expect(() => createImageRecall(whole, datasetOf(images, few))).toThrow(
      expect.objectContaining({
        code: 'dataset-too-small',
        message:
          'patterns 3 asks for 3 different pieces of 6 × 6 in an episode, and all that mine has for evaluation is 2: ' +
          '3 images there, larger ones, or fewer patterns would do',
      }),
    );
    expect(() => createImageRecall(whole, datasetOf(few, images))).toThrow('all that mine has for training is 2');
    expect(createImageRecall({ ...whole, patterns: 2 }, datasetOf(few, few)).outputs).toBe(36);
    // Nine pieces of each.
    expect(createImageRecall({ ...options, patterns: 18 }, datasetOf(few, few)).outputs).toBe(16);
    expect(() => createImageRecall({ ...options, patterns: 19 }, datasetOf(few, few))).toThrow('for training is 18');
  });

  it('passes over pieces without contrast, and gives up where there is nothing else', () => {
    const flat: GreyImages = { count: 5, width: 6, height: 6, pixels: new Uint16Array(180).fill(300) };
    const draw = (blocks: GreyImages[]) => {
      const random = createRandom(4, 'x');
      return drawImageBatch(options, drawImageProtocol(options, random), blocks, 1, random);
    };
    expect(draw([flat, ...images]).zeroLosses[0]).toBeGreaterThan(0);
    expect(() => draw([flat])).toThrow(
      expect.objectContaining({
        code: 'images-without-contrast',
        message: expect.stringContaining('10000 pieces of 4 × 4 in a row had one colour'),
      }),
    );
  });

  it('shows different pictures in an episode, and gives up where there are too few', () => {
    const whole = { ...options, imageSize: 6 };
    const draw = (blocks: GreyImages[], seed: number) => {
      const random = createRandom(seed, 'x');
      return drawImageBatch(whole, drawImageProtocol(whole, random), blocks, 2, random);
    };
    const three = images.map((block) => ({ ...block, count: 3 }));
    for (let seed = 0; seed < 20; seed++) {
      const { shown } = draw(three, seed);
      expect(new Set(shown.map((pattern) => pattern.join())).size).toBe(3);
    }
    const twins: GreyImages = { ...images[0]!, count: 4, pixels: Uint16Array.from({ length: 144 }, (_, at) => 1 + (at % 36)) };
    expect(() => draw([twins], 1)).toThrow(expect.objectContaining({ code: 'images-alike' }));
  });

  it('shows every image once a cycle, blanks after each, and tests one of them at the end', () => {
    const { protocol, target, erased } = drawImageProtocol(options, createRandom(1, 'p'));
    const spans: string[] = [];
    for (const { label } of protocol.steps) if (spans.at(-1) !== label) spans.push(label);
    expect(spans.filter((label) => label.startsWith('image')).length).toBe(9);
    for (let cycle = 0; cycle < 3; cycle++) {
      const shown = spans.slice(cycle * 6, cycle * 6 + 6).filter((label) => label !== 'blank');
      expect(shown.sort()).toEqual(['image 1', 'image 2', 'image 3']);
    }
    expect(protocol.steps.slice(-3).map((step) => step.free)).toEqual([erased, erased, erased]);
    expect(target).toBeLessThan(3);
    expect(erased.end - erased.start).toBe(8);
  });

  it('draws all targets and both halves', () => {
    const random = createRandom(2, 'p');
    const seen = new Set(
      Array.from({ length: 100 }, () => drawImageProtocol(options, random)).map(({ target, erased }) => `${target}/${erased.start}`),
    );
    expect([...seen].sort()).toEqual(['0/0', '0/8', '1/0', '1/8', '2/0', '2/8']);
  });

  it('gives each episode its own normalised patterns, the bias at 1, and the target without its erased half', () => {
    const random = createRandom(3, 'x');
    const shared = drawImageProtocol(options, random);
    const batch = drawImageBatch(options, shared, images, 2, random);
    const n = 17;
    const vector = (row: number, episode: number) => batch.given.slice((row * 2 + episode) * n, (row * 2 + episode + 1) * n);
    for (let row = 0; row < 5; row++) for (let episode = 0; episode < 2; episode++) expect(vector(row, episode)[16]).toBe(1);
    for (let episode = 0; episode < 2; episode++) {
      const pattern = vector(shared.target, episode).slice(0, 16);
      expect(Math.max(...pattern.map(Math.abs))).toBe(1);
      expect(Math.abs(pattern.reduce((sum, value) => sum + value, 0))).toBeLessThan(1e-5);
      expect(batch.targets.slice(episode * 16, (episode + 1) * 16)).toEqual(pattern);
      const { start, end } = shared.erased;
      const degraded = vector(4, episode).slice(0, 16);
      expect(degraded.slice(start, end).every((value) => value === 0)).toBe(true);
      expect(batch.zeroLosses[episode]).toBeCloseTo(
        pattern.slice(start, end).reduce((sum, value) => sum + value ** 2, 0),
        6,
      );
      const kept = pattern.map((value, pixel) => (pixel >= start && pixel < end ? 0 : value));
      expect(degraded).toEqual(kept);
    }
    expect(vector(0, 0)).not.toEqual(vector(0, 1));
    expect(
      vector(3, 0)
        .slice(0, 16)
        .every((value) => value === 0),
    ).toBe(true);
  });
});
