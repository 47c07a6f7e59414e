/** How the table's columns share its width, and the scales of its marks. */
import type { Column } from './columns.ts';
import type { RunGroup } from './group-rows.ts';

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

/** The smallest and the largest quartile of each column, so that marks of different groups can be compared. */
export function scaleSpreads(groups: readonly RunGroup[]): Map<string, readonly [number, number]> {
  const scales = new Map<string, readonly [number, number]>();
  for (const { spreads } of groups) {
    for (const [id, { lower, upper }] of spreads) {
      const [from, to] = scales.get(id) ?? [Infinity, -Infinity];
      scales.set(id, [Math.min(from, lower), Math.max(to, upper)]);
    }
  }
  return scales;
}
