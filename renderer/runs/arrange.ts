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

/** Newest first where the sort leaves it open; what has no value comes last. */
export function sortRows(rows: readonly TableRow[], sort: readonly SortKey[], columns: readonly Column[]): TableRow[] {
  const keys = sort.flatMap(({ by, descending }) => {
    const column = columns.find(({ id }) => id === by);
    return column === undefined ? [] : [{ values: rows.map((row) => sortValue(column, row)), sign: descending ? -1 : 1 }];
  });
  const order = rows.map((_, index) => index);
  order.sort((a, b) => {
    for (const { values, sign } of keys) {
      const first = values[a] ?? null;
      const second = values[b] ?? null;
      if (first === second) continue;
      if (first === null) return 1;
      if (second === null) return -1;
      return first < second ? -sign : sign;
    }
    return rows[b]!.createdAtMs - rows[a]!.createdAtMs || (rows[a]!.id < rows[b]!.id ? 1 : -1);
  });
  return order.map((index) => rows[index]!);
}

/** Everything but which groups are open. */
export function prepare(
  all: readonly TableRow[],
  { matches, sort, groupBy, columns }: Wish,
): { rows: TableRow[]; groups: RunGroup[] | null } {
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
