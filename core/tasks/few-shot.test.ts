import { describe, expect, it } from 'vitest';
import { drawingBytes, drawingsPerCharacter, inkPixel, type CharacterDataset } from '../data/character-images.ts';
import { createRandom } from '../random.ts';
import { createFewShotTask } from './few-shot.ts';
import { placeTurned, shrinkDrawing } from './few-shot-images.ts';

/** Characters that are told apart by a bar of another length; each of their drawings is another bar's place. */
function createDataset(count: number): CharacterDataset {
  const characters = Array.from({ length: count }, (_, index) => ({
    alphabet: 'bars',
    name: `character${index}`,
    drawings: Array.from({ length: drawingsPerCharacter }, (__, drawing) => {
      const bytes = new Uint8Array(drawingBytes);
      for (let column = 0; column <= 2 * index; column++) for (let row = 0; row < 3; row++) inkPixel(bytes, 5 * drawing + row, column);
      return bytes;
    }),
  }));
  return { name: 'bars', format: 'characters', sha256: '', characters, note: '' };
}

const options = { ways: 3, shots: 2, testClasses: 4 };
const streams = (count: number, seed = 1) => Array.from({ length: count }, (_, index) => createRandom(seed + index, 'episode'));

describe('the task of few examples', () => {
  it('shows every class as often with its label, and asks for another drawing of one of them', () => {
    const task = createFewShotTask(options, createDataset(20), 31);
    expect([task.trainingClasses, task.testClasses]).toEqual([16, 4]);
    const batch = task.draw('training', streams(5));
    expect(batch.images.length).toBe(5 * 7 * 31 * 31);
    for (let episode = 0; episode < 5; episode++) {
      const labels = [...batch.labels.subarray(episode * 6, (episode + 1) * 6)];
      expect(labels.slice(0, 3).sort()).toEqual([0, 1, 2]);
      expect(labels.slice(3).sort()).toEqual([0, 1, 2]);
      const image = (at: number) => batch.images.subarray((episode * 7 + at) * 961, (episode * 7 + at + 1) * 961);
      const ink = (at: number) => image(at).reduce((sum, value) => sum + 1 - value, 0);
      const target = batch.targets[episode]!;
      labels.forEach((label, at) => {
        // As much ink, and not the same drawing, for one class; other classes have more or less.
        expect(image(6)).not.toEqual(image(at));
        if (label === target) expect(ink(at)).toBeCloseTo(ink(6), 0);
        else expect(Math.abs(ink(at) - ink(6))).toBeGreaterThan(0.3);
      });
    }
  });

  it('never tests what it trains', () => {
    const task = createFewShotTask(options, createDataset(20), 15);
    const lengths = (part: 'training' | 'evaluation') => {
      const { images } = task.draw(part, streams(60));
      const found = new Set<number>();
      for (let at = 0; at < images.length; at += 225)
        found.add(Math.round(10 * images.subarray(at, at + 225).reduce((sum, value) => sum + 1 - value, 0)));
      return found;
    };
    const [training, evaluation] = [lengths('training'), lengths('evaluation')];
    expect([...training].filter((length) => evaluation.has(length))).toEqual([]);
  });

  it.each([
    [{ ...options, ways: 5 }, 20, 'testClasses is 4'],
    [
      { ...options, testClasses: 100 },
      10,
      'bars has 10 characters, of which 2 are kept for testing; 3 ways need 3 of them, and so 15 characters: take at most 2 ways',
    ],
    [options, 5, 'and so 15 characters: take a larger data set'],
  ])('refuses what it has not enough classes for', (chosen, count, message) => {
    expect(() => createFewShotTask(chosen, createDataset(count), 31)).toThrow(message);
  });
});

describe('small drawings', () => {
  it('keep the ink of large ones', () => {
    const drawing = createDataset(20).characters[19]!.drawings[3]!;
    const ink = shrinkDrawing(drawing, 31).reduce((sum, value) => sum + 1 - value / 255, 0);
    expect(ink).toBeCloseTo((39 * 3 * 31 * 31) / (105 * 105), 1);
  });

  it('are turned by quarters', () => {
    const small = Uint8Array.of(255, 0, 0, 0, 0, 0, 0, 0, 255);
    small[2] = 51;
    const turned = (quarters: number) => {
      const to = new Float32Array(9);
      placeTurned(small, 3, quarters, to, 0);
      return [...to].map((value) => Math.round(10 * value));
    };
    expect(turned(0)).toEqual([10, 0, 2, 0, 0, 0, 0, 0, 10]);
    expect([turned(1), turned(2), turned(3)].map((image) => image.reduce((sum, value) => sum + value, 0))).toEqual([22, 22, 22]);
    expect(turned(2)).toEqual([10, 0, 0, 0, 0, 0, 2, 0, 10]);
    expect(turned(1)[0]).toBe(2);
    expect(turned(3)[8]).toBe(2);
  });
});
