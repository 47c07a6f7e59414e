import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { checkMaze, createMazeEpisode, isWall, mazeActions, mazeInputs } from './maze.ts';

const options = { size: 9, steps: 250, reward: 10, wallPenalty: -0.1 };

describe('the maze', () => {
  it('has walls around and a pillar on every second cell', () => {
    const drawing = Array.from({ length: 7 }, (_, row) =>
      Array.from({ length: 7 }, (_, column) => (isWall(5, row, column) ? '#' : ' ')).join(''),
    );
    expect(drawing).toEqual(['#######', '#     #', '# # # #', '#     #', '# # # #', '#     #', '#######']);
  });

  it.each([4, 8, 2, 1, 0, -5])('has no %d cells on a side', (size) => {
    expect(() => checkMaze({ size })).toThrow(
      `an odd number of cells on each side, from 3 (its pillars stand on every second one), not ${size}`,
    );
  });

  it('shows the cells around, the last reward, the time, a bias and the last action', () => {
    const episode = createMazeEpisode(options, createRandom(3, 'maze'));
    const seen = new Float32Array(mazeInputs);
    episode.observe(seen);
    const { row, column } = episode.place;
    const around = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => (isWall(9, row + down, column + right) ? 1 : 0)));
    expect([...seen]).toEqual([...around, 0, 0, 1, 0, 0, 0, 0]);
    const reward = episode.act(2);
    episode.observe(seen);
    expect([...seen.slice(9)]).toEqual([Math.fround(reward), Math.fround(1 / 250), 1, 0, 0, 1, 0]);
  });

  it('keeps its rules, whatever the agent does', () => {
    const property = fc.property(
      fc.nat(),
      fc.constantFrom(3, 5, 9, 11),
      fc.array(fc.integer({ min: 0, max: mazeActions - 1 })),
      (seed, size, actions) => {
        const episode = createMazeEpisode({ ...options, size }, createRandom(seed, 'maze'));
        const { goal } = episode;
        expect(isWall(size, goal.row, goal.column)).toBe(false);
        for (const action of actions) {
          const before = episode.place;
          const [down, right] = [
            [-1, 0],
            [0, 1],
            [1, 0],
            [0, -1],
          ][action] as [number, number];
          const wanted = { row: before.row + down, column: before.column + right };
          const reward = episode.act(action);
          const { place } = episode;
          expect(isWall(size, place.row, place.column)).toBe(false);
          expect(place).not.toEqual(goal);
          if (isWall(size, wanted.row, wanted.column)) expect([reward, place]).toEqual([-0.1, before]);
          else if (wanted.row === goal.row && wanted.column === goal.column) expect(reward).toBe(10);
          else expect([reward, place]).toEqual([0, wanted]);
        }
      },
    );
    fc.assert(property);
  });

  it('is the same for the same stream, and another one for another', () => {
    const places = (seed: number) => {
      const episode = createMazeEpisode(options, createRandom(seed, 'maze'));
      return [episode.goal, episode.place];
    };
    expect(places(1)).toEqual(places(1));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => JSON.stringify(places(seed)))).size).toBeGreaterThan(15);
  });
});
