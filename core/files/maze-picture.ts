/** Episodes in the maze, side by side: walls, where the agent was and how often, and the reward's place. */
import type { Place } from '../contract/maze-walls.ts';
import type { Picture } from './png.ts';

export interface DrawnMaze {
  /** [rows, rows] with those around: 1 where one stands. */
  readonly walls: Uint8Array;
  readonly goal: Place;
  /** Before each step; those just after a reward are where the agent was put. */
  readonly places: readonly Place[];
}

type Colour = readonly [red: number, green: number, blue: number];

const paper: Colour = [255, 255, 255];
const wall: Colour = [88, 92, 100];
const goalColour: Colour = [178, 24, 43];
/** From a cell that was seen once to the one that was seen most. */
const seldom: Colour = [222, 235, 247];
const often: Colour = [8, 81, 156];

const cell = 16;
const gap = 16;
/** Between cells, so that single ones can be counted. */
const hairline = 1;
const mazesARow = 3;

/** @throws RangeError when there are none. */
export function drawMazePicture(mazes: readonly DrawnMaze[]): Picture {
  const [first] = mazes;
  if (first === undefined) throw new RangeError('a picture of mazes needs at least one');
  const side = cellsAcross(first) * cell;
  const columns = Math.min(mazesARow, mazes.length);
  const rows = Math.ceil(mazes.length / columns);
  const [width, height] = [columns * side + (columns + 1) * gap, rows * side + (rows + 1) * gap];
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0; at < pixels.length; at += 3) pixels.set(paper, at);
  const fill = (left: number, top: number, extent: number, colour: Colour) => {
    for (let y = top; y < top + extent; y++) for (let x = left; x < left + extent; x++) pixels.set(colour, (y * width + x) * 3);
  };
  mazes.forEach((maze, index) => {
    const { walls, goal, places } = maze;
    const across = cellsAcross(maze);
    const left = gap + (index % columns) * (side + gap);
    const top = gap + Math.floor(index / columns) * (side + gap);
    const visits = new Uint32Array(across ** 2);
    for (const { row, column } of places) visits[row * across + column]!++;
    const most = Math.max(...visits);
    for (let row = 0; row < across; row++) {
      for (let column = 0; column < across; column++) {
        const isWall = walls[row * across + column] === 1;
        const isGoal = row === goal.row && column === goal.column;
        const seen = visits[row * across + column]!;
        const colour = isWall ? wall : isGoal ? goalColour : seen === 0 ? paper : mix(seldom, often, seen / most);
        fill(left + column * cell, top + row * cell, cell - (isWall ? 0 : hairline), colour);
      }
    }
  });
  return { width, height, channels: 3, pixels };
}

const cellsAcross = ({ walls }: DrawnMaze) => Math.sqrt(walls.length);

function mix(a: Colour, b: Colour, share: number): Colour {
  const between = (index: 0 | 1 | 2) => Math.round(a[index] + share * (b[index] - a[index]));
  return [between(0), between(1), between(2)];
}
