/** Where walls stand in the grid maze. */

/** Rows and columns count from 1; the walls around are 0 and `size` + 1. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** The single walls inside, of which one stands on every second place of every second row. */
export function pillars(size: number): Place[] {
  return inside(size).filter(({ row, column }) => row % 2 === 0 && column % 2 === 0);
}

/** @returns [size + 2, size + 2], with the walls around: 1 where nobody can stand. */
export function mazeWalls(size: number, walls: readonly Place[] = pillars(size)): Uint8Array {
  const across = size + 2;
  const grid = new Uint8Array(across ** 2).fill(1);
  for (const { row, column } of inside(size)) grid[row * across + column] = 0;
  for (const { row, column } of walls) grid[row * across + column] = 1;
  return grid;
}

export function isSamePlace(a: Place, b: Place): boolean {
  return a.row === b.row && a.column === b.column;
}

/** All places between the walls around, row by row. */
export function inside(size: number): Place[] {
  return Array.from({ length: size ** 2 }, (_, at) => ({ row: 1 + Math.floor(at / size), column: 1 + (at % size) }));
}
