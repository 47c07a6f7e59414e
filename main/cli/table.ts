/** Tables that fit the terminal: what matters least is cut first, and left out when that is not enough. */
import { truncate } from './format.ts';

export interface Column<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => string;
  readonly align?: 'right';
  /** It may be cut to so many characters. */
  readonly minimum?: number;
  /** The highest is left out first; without it, the column stays. */
  readonly dispensable?: number;
}

const gap = 2;

/** @param width in characters; undefined: as wide as it gets. */
export function layOutTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width: number | undefined): string[] {
  const cells = columns.map((column) => [column.heading, ...rows.map(column.cell)]);
  const shown = fitColumns(columns, cells, width ?? Infinity);
  return Array.from({ length: rows.length + 1 }, (_, row) => {
    const line = shown.map(({ index, size }) => {
      const text = truncate(cells[index]![row]!, size);
      return columns[index]!.align === 'right' ? text.padStart(size) : text.padEnd(size);
    });
    return truncate(line.join(' '.repeat(gap)).trimEnd(), width ?? Infinity);
  });
}

interface ShownColumn {
  readonly index: number;
  size: number;
}

function fitColumns<Row>(columns: readonly Column<Row>[], cells: readonly (readonly string[])[], width: number): ShownColumn[] {
  let shown = columns.map((_, index) => ({ index, size: Math.max(...cells[index]!.map((cell) => cell.length)) }));
  const slackOf = ({ index, size }: ShownColumn) => Math.max(0, size - (columns[index]!.minimum ?? size));
  for (;;) {
    const excess = shown.reduce((sum, { size }) => sum + size + gap, -gap) - width;
    if (excess <= 0) return shown;
    const slack = shown.reduce((sum, column) => sum + slackOf(column), 0);
    const ranks = shown.map(({ index }) => columns[index]!.dispensable ?? -1);
    const last = Math.max(...ranks);
    if (slack < excess && last >= 0) {
      shown = shown.filter((_, place) => place !== ranks.lastIndexOf(last));
      continue;
    }
    for (let cut = Math.min(excess, slack); cut > 0; cut--) shown.reduce((a, b) => (slackOf(b) > slackOf(a) ? b : a)).size--;
    return shown;
  }
}
