/**
 * The grid maze (arXiv 1804.02464, section 4.4): walls around, pillars inside, a reward at a place that no sense shows and that is another one in every
 * episode. Whoever comes upon it is rewarded and put somewhere else, so that remembering the place pays.
 */
import { InputError } from '../contract/errors.ts';
import type { Random } from '../random.ts';
import { inside, isSamePlace, mazeWalls, pillars, type Place } from '../contract/maze-walls.ts';

export interface MazeOptions {
  /** Cells on each side between the walls around: an odd number from 3. Rows and columns count from 1; the walls around are 0 and `size` + 1. */
  readonly size: number;
  /** Steps of an episode. */
  readonly steps: number;
  readonly reward: number;
  /** What bumping into a wall costs: not positive. */
  readonly wallPenalty: number;
  /** Whether the agent is told what it did last. */
  readonly showsAction: boolean;
}

/** Up, right, down, left. */
export const mazeActions = 4;
const moves = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
] as const;

/** The cells around and below the agent, the last reward, the time, a bias, and the last action where it is told that. */
export const mazeInputs = (showsAction: boolean) => 9 + 3 + (showsAction ? mazeActions : 0);

/** What somebody sets by hand. */
export interface MazeLayout {
  readonly goal: Place;
  readonly start: Place;
  /** Between the walls around, in place of the pillars. */
  readonly walls?: readonly Place[];
}

export interface MazeEpisode {
  /** As `mazeWalls` gives them. */
  readonly walls: Uint8Array;
  readonly goal: Place;
  readonly place: Place;
  /** Writes what the agent sees, [`mazeInputs`]. */
  observe(into: Float32Array): void;
  /** @returns the step's reward. */
  act(action: number): number;
}

/** @throws InputError `maze-size` for an even or too small one. */
export function checkMaze({ size }: Pick<MazeOptions, 'size'>): void {
  if (size % 2 === 1 && size >= 3) return;
  throw new InputError(
    'maze-size',
    `a maze has an odd number of cells on each side, from 3 (its pillars stand on every second one), not ${size}`,
  );
}

/** @throws InputError `own-maze` for a place that is none, a reward or a start in a wall, or both at once. */
export function checkMazeLayout({ size }: Pick<MazeOptions, 'size'>, { goal, start, walls = pillars(size) }: MazeLayout): void {
  const named = [['reward', goal] as const, ['start', start] as const, ...walls.map((place) => ['wall', place] as const)];
  for (const [name, { row, column }] of named) {
    if (row < 1 || column < 1 || row > size || column > size)
      throw new InputError('own-maze', `the ${name} is at row ${row}, column ${column}, and this maze has ${size} of each`);
    if (name !== 'wall' && walls.some((wall) => isSamePlace(wall, { row, column })))
      throw new InputError('own-maze', `the ${name} cannot stand in the wall at row ${row}, column ${column}`);
  }
  if (isSamePlace(goal, start)) throw new InputError('own-maze', 'the agent cannot begin where the reward is');
}

/** @param random draws the goal, the start, and every place after a reward. @param own instead of the goal, the start and the walls. */
export function createMazeEpisode(options: MazeOptions, random: Random, own?: MazeLayout): MazeEpisode {
  const { size, steps, reward, wallPenalty, showsAction } = options;
  const walls = mazeWalls(size, own?.walls);
  const isWall = (row: number, column: number) => walls[row * (size + 2) + column] === 1;
  const free = inside(size).filter((place) => !isWall(place.row, place.column));
  const drawn = free[random.integer(0, free.length - 1)]!;
  const goal = own?.goal ?? drawn;
  const others = free.filter((place) => !isSamePlace(place, goal));
  const draw = () => others[random.integer(0, others.length - 1)]!;
  const start = draw();
  let place = own?.start ?? start;
  let time = 0;
  let lastReward = 0;
  let lastAction = -1;
  return {
    walls,
    goal,
    get place() {
      return place;
    },
    observe: (into) => {
      into.fill(0);
      let at = 0;
      for (let row = place.row - 1; row <= place.row + 1; row++) {
        for (let column = place.column - 1; column <= place.column + 1; column++) into[at++] = isWall(row, column) ? 1 : 0;
      }
      into[at++] = lastReward;
      into[at++] = time / steps;
      into[at++] = 1;
      if (showsAction && lastAction >= 0) into[at + lastAction] = 1;
    },
    act: (action) => {
      const [down, right] = moves[action]!;
      const next = { row: place.row + down, column: place.column + right };
      time++;
      lastAction = action;
      if (isWall(next.row, next.column)) lastReward = wallPenalty;
      else if (isSamePlace(next, goal)) {
        lastReward = reward;
        place = draw();
      } else {
        lastReward = 0;
        place = next;
      }
      return lastReward;
    },
  };
}
