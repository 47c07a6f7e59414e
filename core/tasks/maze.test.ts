import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { mazeWalls, type Place } from '../contract/maze-walls.ts';
import { checkMaze, checkMazeLayout, createMazeEpisode, mazeActions, mazeInputs } from './maze.ts';

const options = { size: 9, steps: 250, reward: 10, wallPenalty: -0.1, showsAction: true };

const isWall = (walls: Uint8Array, { row, column }: Place) => walls[row * Math.sqrt(walls.length) + column] === 1;

/** As people draw it, a string a row. */
function drawingOf(walls: Uint8Array): string[] {
  const across = Math.sqrt(walls.length);
  const rows = Array.from({ length: across }, (_, row) => walls.subarray(row * across, (row + 1) * across));
  return rows.map((row) => Array.from(row, (wall) => (wall === 1 ? '#' : ' ')).join(''));
}

describe('the maze', () => {
  it('has walls around and a pillar on every second cell', () => {
    expect(drawingOf(mazeWalls(5))).toEqual(['#######', '#     #', '# # # #', '#     #', '# # # #', '#     #', '#######']);
  });

  it.each([4, 8, 2, 1, 0, -5])('has no %d cells on a side', (size) => {
    expect(() => checkMaze({ size })).toThrow(
      `an odd number of cells on each side, from 3 (its pillars stand on every second one), not ${size}`,
    );
  });

  it('shows the cells around, the last reward, the time, a bias and the last action', () => {
    const episode = createMazeEpisode(options, createRandom(3, 'maze'));
    const seen = new Float32Array(mazeInputs(true));
    episode.observe(seen);
    const { row, column } = episode.place;
    const around = [-1, 0, 1].flatMap((down) =>
      [-1, 0, 1].map((right) => (isWall(mazeWalls(9), { row: row + down, column: column + right }) ? 1 : 0)),
    );
    expect([...seen]).toEqual([...around, 0, 0, 1, 0, 0, 0, 0]);
    const reward = episode.act(2);
    episode.observe(seen);
    expect([...seen.slice(9)]).toEqual([Math.fround(reward), Math.fround(1 / 250), 1, 0, 0, 1, 0]);
  });

  it('does not show the last action where the agent is not told', () => {
    const episode = createMazeEpisode({ ...options, showsAction: false }, createRandom(3, 'maze'));
    const seen = new Float32Array(mazeInputs(false));
    const reward = episode.act(2);
    episode.observe(seen);
    expect([...seen.slice(9)]).toEqual([Math.fround(reward), Math.fround(1 / 250), 1]);
  });

  it('keeps its rules, whatever the agent does', () => {
    const property = fc.property(
      fc.nat(),
      fc.constantFrom(3, 5, 9, 11),
      fc.array(fc.integer({ min: 0, max: mazeActions - 1 })),
      (seed, size, actions) => {
        const episode = createMazeEpisode({ ...options, size }, createRandom(seed, 'maze'));
        const { goal } = episode;
        const walls = mazeWalls(size);
        expect(isWall(walls, goal)).toBe(false);
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
          expect(isWall(walls, place)).toBe(false);
          expect(place).not.toEqual(goal);
          if (isWall(walls, wanted)) expect([reward, place]).toEqual([-0.1, before]);
          else if (wanted.row === goal.row && wanted.column === goal.column) expect(reward).toBe(10);
          else expect([reward, place]).toEqual([0, wanted]);
        }
      },
    );
    fc.assert(property);
  });

  it('has the walls that somebody sets, and the agent meets them', () => {
    const corridor = [1, 2, 3, 4].map((column) => ({ row: 2, column }));
    const own = { goal: { row: 1, column: 5 }, start: { row: 1, column: 1 }, walls: corridor };
    const episode = createMazeEpisode({ ...options, size: 5 }, createRandom(1, 'maze'), own);
    expect(drawingOf(episode.walls)).toEqual(['#######', '#     #', '##### #', '#     #', '#     #', '#     #', '#######']);
    const seen = new Float32Array(mazeInputs(true));
    episode.observe(seen);
    expect([...seen.slice(0, 9)]).toEqual([1, 1, 1, 1, 0, 0, 1, 1, 1]);
    expect([2, 1, 1, 1, 1].map((action) => episode.act(action))).toEqual([-0.1, 0, 0, 0, 10]);
    const placed = new Set(
      Array.from({ length: 200 }, (_, seed) => {
        const begun = createMazeEpisode({ ...options, size: 5 }, createRandom(seed, 'maze'), { ...own, start: { row: 1, column: 4 } });
        begun.act(1);
        return JSON.stringify(begun.place);
      }),
    );
    expect(placed.size).toBe(25 - 4 - 1);
    for (const wall of corridor) expect(placed).not.toContain(JSON.stringify(wall));
  });

  it('refuses a layout with a wall outside, or a reward or a start in one', () => {
    const own = { goal: { row: 1, column: 5 }, start: { row: 1, column: 1 } };
    const check = (walls: Place[]) => () => checkMazeLayout({ size: 5 }, { ...own, walls });
    expect(check([])).not.toThrow();
    expect(check([{ row: 6, column: 1 }])).toThrow('the wall is at row 6, column 1, and this maze has 5 of each');
    expect(check([{ row: 1, column: 5 }])).toThrow('the reward cannot stand in the wall at row 1, column 5');
    expect(check([{ row: 1, column: 1 }])).toThrow('the start cannot stand in the wall at row 1, column 1');
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
