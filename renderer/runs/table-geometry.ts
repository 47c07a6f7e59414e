/** How the table's columns share its width, and the scales of its marks. */
import type { Column } from './columns.ts';
import { isResult, type RunGroup } from './group-rows.ts';

const boxWidth = 38;

/** Groups say in their title what sets them apart. */
const groupTitleWidth = 340;

/** For `grid-template-columns`: the run's column takes what is left, unless somebody gave it a width. */
export function createTemplate(
  columns: readonly Column[],
  widths: Readonly<Record<string, number>>,
  isGrouped: boolean,
): { columns: string; width: number } {
  const widthOf = ({ id, width }: Column) => widths[id] ?? (id === 'run' && isGrouped ? groupTitleWidth : width);
  const sizes = columns.map((column) => {
    const { id } = column;
    const own = widthOf(column);
    return id === 'run' && widths[id] === undefined ? `minmax(${own}px, 1fr)` : `${own}px`;
  });
  const width = columns.reduce((sum, column) => sum + widthOf(column), boxWidth);
  const isFlexible = columns.some(({ id }) => id === 'run' && widths[id] === undefined);
  return { columns: [`${boxWidth}px`, ...sizes, isFlexible ? '0' : 'minmax(0, 1fr)'].join(' '), width };
}

/** By which scale a group's spread in a column is drawn: results of different experiments have nothing in common. */
export function scaleOf(column: string, { rows }: RunGroup): string {
  return isResult(column) ? `${column} of ${rows[0]!.recipe.experiment}` : column;
}

/** The smallest and the largest quartile of each scale, so that marks of different groups can be compared. */
export function scaleSpreads(groups: readonly RunGroup[]): Map<string, readonly [number, number]> {
  const scales = new Map<string, readonly [number, number]>();
  for (const group of groups) {
    for (const [column, { lower, upper }] of group.spreads) {
      const scale = scaleOf(column, group);
      const [from, to] = scales.get(scale) ?? [Infinity, -Infinity];
      scales.set(scale, [Math.min(from, lower), Math.max(to, upper)]);
    }
  }
  return scales;
}
