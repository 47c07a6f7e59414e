/**
 * The grid maze (arXiv 1804.02464, section 4.4): walls around, pillars inside, a reward at a place that no sense shows and that is another one in every
 * episode. Whoever comes upon it is rewarded and put somewhere else, so that remembering the place pays.
 */
import { InputError } from '../contract/errors.ts';
import type { Random } from '../random.ts';

export interface MazeOptions {
  /** Cells on each side between the walls around: an odd number from 3. Rows and columns count from 1; the walls around are 0 and `size` + 1. */
  readonly size: number;
  /** Steps of an episode. */
  readonly steps: number;
  readonly reward: number;
  /** What bumping into a wall costs: not positive. */
  readonly wallPenalty: number;
}

/** Up, right, down, left. */
export const mazeActions = 4;
const moves = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
] as const;

/** The cells around and below the agent, the last reward, the time, a bias, and the last action. */
export const mazeInputs = 9 + 3 + mazeActions;

export interface Place {
  readonly row: number;
  readonly column: number;
}

/** What somebody sets by hand. */
export interface MazeLayout {
  readonly goal: Place;
  readonly start: Place;
}

export interface MazeEpisode {
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

/** @throws InputError `own-maze` for a place that is none, a wall, or both at once. */
export function checkMazeLayout({ size }: Pick<MazeOptions, 'size'>, { goal, start }: MazeLayout): void {
  for (const [name, { row, column }] of [['reward', goal] as const, ['start', start] as const]) {
    if (row < 1 || column < 1 || row > size || column > size)
      throw new InputError('own-maze', `the ${name} is at row ${row}, column ${column}, and this maze has ${size} of each`);
    if (isWall(size, row, column))
      throw new InputError('own-maze', `the ${name} cannot stand in the pillar at row ${row}, column ${column}`);
  }
  if (isSamePlace(goal, start)) throw new InputError('own-maze', 'the agent cannot begin where the reward is');
}

export function isWall(size: number, row: number, column: number): boolean {
  const isBorder = row === 0 || column === 0 || row === size + 1 || column === size + 1;
  return isBorder || (row % 2 === 0 && column % 2 === 0);
}

/** @param random draws the goal, the start, and every place after a reward. @param own instead of the goal and the start that are drawn. */
export function createMazeEpisode({ size, steps, reward, wallPenalty }: MazeOptions, random: Random, own?: MazeLayout): MazeEpisode {
  const free = freePlaces(size);
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
    goal,
    get place() {
      return place;
    },
    observe: (into) => {
      into.fill(0);
      let at = 0;
      for (let row = place.row - 1; row <= place.row + 1; row++) {
        for (let column = place.column - 1; column <= place.column + 1; column++) into[at++] = isWall(size, row, column) ? 1 : 0;
      }
      into[at++] = lastReward;
      into[at++] = time / steps;
      into[at++] = 1;
      if (lastAction >= 0) into[at + lastAction] = 1;
    },
    act: (action) => {
      const [down, right] = moves[action]!;
      const next = { row: place.row + down, column: place.column + right };
      time++;
      lastAction = action;
      if (isWall(size, next.row, next.column)) lastReward = wallPenalty;
      else if (next.row === goal.row && next.column === goal.column) {
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

function isSamePlace(a: Place, b: Place): boolean {
  return a.row === b.row && a.column === b.column;
}

function freePlaces(size: number): Place[] {
  const places: Place[] = [];
  for (let row = 1; row <= size; row++)
    for (let column = 1; column <= size; column++) if (!isWall(size, row, column)) places.push({ row, column });
  return places;
}
