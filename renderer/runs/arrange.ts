/** From all runs to what the table shows, in its order: filtered, sorted, grouped. */
import { sortValue, type Column } from './columns.ts';
import { groupRows, type GroupBy, type RunGroup } from './group-rows.ts';
import type { TableRow } from './row.ts';

export interface SortKey {
  readonly by: string;
  readonly descending: boolean;
}

/** A line of the table. `inset`: it is a member of the group above. */
export type Item =
  | { readonly kind: 'run'; readonly key: string; readonly id: string; readonly inset: boolean }
  | { readonly kind: 'group'; readonly key: string; readonly group: RunGroup };

export interface Arrangement {
  readonly items: readonly Item[];
  /** The runs that match, sorted; each once, whatever the groups are. */
  readonly rows: readonly TableRow[];
  readonly groups: number;
}

export interface Wish {
  readonly matches: (row: TableRow) => boolean;
  readonly sort: readonly SortKey[];
  readonly groupBy: GroupBy;
  readonly columns: readonly Column[];
}

/** `rows` come newest first, and stay so where the sort leaves it open; what has no value comes last. */
export function sortRows(rows: readonly TableRow[], sort: readonly SortKey[], columns: readonly Column[]): readonly TableRow[] {
  const keys = sort.flatMap(({ by, descending }) => {
    const column = columns.find(({ id }) => id === by);
    return column === undefined
      ? []
      : [
          rankValues(
            rows.map((row) => sortValue(column, row)),
            descending,
          ),
        ];
  });
  if (keys.length === 0) return rows;
  const order = Uint32Array.from(rows.keys());
  order.sort((a, b) => {
    for (const ranks of keys) {
      const difference = ranks[a]! - ranks[b]!;
      if (difference !== 0 && !Number.isNaN(difference)) return difference;
    }
    return a - b;
  });
  return Array.from(order, (index) => rows[index]!);
}

/** A number for each value, in their order; the last for those that are null. */
function rankValues(values: readonly (string | number | null)[], descending: boolean): Float64Array {
  const sign = descending ? -1 : 1;
  const words = [...new Set(values.filter((value) => typeof value === 'string'))].sort();
  const places = new Map(words.map((word, place) => [word, place]));
  return Float64Array.from(values, (value) => {
    if (value === null) return Infinity;
    return sign * (typeof value === 'number' ? value : places.get(value)!);
  });
}

/** Everything but which groups are open. */
export function prepare(
  all: readonly TableRow[],
  { matches, sort, groupBy, columns }: Wish,
): { rows: readonly TableRow[]; groups: RunGroup[] | null } {
  const rows = sortRows(all.filter(matches), sort, columns);
  return { rows, groups: groupBy === 'none' ? null : groupRows(rows, groupBy, sort, columns) };
}

export function arrange({ rows, groups }: ReturnType<typeof prepare>, open: ReadonlySet<string>): Arrangement {
  if (groups === null) return { items: rows.map(({ id }) => ({ kind: 'run', key: id, id, inset: false })), rows, groups: 0 };
  const items = groups.flatMap((group): Item[] => [
    { kind: 'group', key: group.id, group },
    ...(open.has(group.id) ? group.rows.map(({ id }): Item => ({ kind: 'run', key: `${group.id} ${id}`, id, inset: true })) : []),
  ]);
  return { items, rows, groups: groups.length };
}
