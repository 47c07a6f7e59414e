/** Runs in groups, with what their members share and how their results spread. */
import type { RunRecipe } from '../../core/contract/api/run-table.ts';
import type { SortKey } from './arrange.ts';
import { sayParameter, type Column } from './columns.ts';
import { kindOf, type TableRow } from './row.ts';
import { spreadOf, type Spread } from './spread.ts';

/** `all-but-seed`: what differs in nothing but the seed is together; otherwise the id of a column. */
export type GroupBy = 'none' | 'all-but-seed' | (string & {});

export interface RunGroup {
  readonly id: string;
  readonly title: string;
  /** What sets it apart from other groups of the same title. */
  readonly differences: string;
  readonly rows: readonly TableRow[];
  /** Median and quartiles over the members that have a value, by column; of results only where all are of one experiment. */
  readonly spreads: ReadonlyMap<string, Spread>;
}

/** Columns whose values are worth a median. */
const spreadColumns = ['loss', 'score', 'speed', 'episodes', 'took'];

/** Whether a column's values mean something else in each experiment. */
export function isResult(column: string): boolean {
  return column === 'loss' || column === 'score';
}

/** `rows` are in their order, and so are the members; groups follow the median of the column that is sorted by first, or their first member. */
export function groupRows(rows: readonly TableRow[], by: GroupBy, sort: readonly SortKey[], columns: readonly Column[]): RunGroup[] {
  const column = columns.find(({ id }) => id === by);
  const members = new Map<Key, TableRow[]>();
  for (const row of rows) {
    for (const key of keysOf(row, column)) {
      const list = members.get(key);
      if (list === undefined) members.set(key, [row]);
      else list.push(row);
    }
  }
  // Other experiments have other parameters.
  const recipes = column === undefined ? ([...members.keys()] as RunRecipe[]) : [];
  const varying = new Map([...Map.groupBy(recipes, ({ experiment }) => experiment)].map(([name, own]) => [name, varyingParts(own)]));
  const groups = [...members].map(([key, own]): RunGroup => {
    const recipe = own[0]!.recipe;
    const value = typeof key === 'object' ? '' : String(key);
    return {
      id: `group:${by}:${column === undefined ? idOf(recipe) : value}`,
      title: column === undefined ? kindOf(own[0]!) : value || `no ${column.title.toLowerCase()}`,
      differences: (varying.get(recipe.experiment) ?? []).map((part) => `${part.title} ${sayPart(part.value(recipe))}`).join(' · '),
      rows: own,
      spreads: spreadsOf(own, columns),
    };
  });
  return orderGroups(groups, sort);
}

type Key = RunRecipe | string | number | null;

function keysOf(row: TableRow, column: Column | undefined): readonly Key[] {
  if (column === undefined) return [row.recipe];
  if (column.values === undefined) return [column.value(row)];
  const values = column.values(row);
  return values.length === 0 ? [null] : values;
}

function spreadsOf(rows: readonly TableRow[], columns: readonly Column[]): Map<string, Spread> {
  const spreads = new Map<string, Spread>();
  const isMixed = rows.some(({ recipe }) => recipe.experiment !== rows[0]!.recipe.experiment);
  for (const id of spreadColumns) {
    if (isMixed && isResult(id)) continue;
    const column = columns.find((each) => each.id === id);
    const values = column === undefined ? [] : rows.map((row) => column.value(row)).filter((value) => typeof value === 'number');
    const spread = spreadOf(values);
    if (spread !== null) spreads.set(id, spread);
  }
  return spreads;
}

function orderGroups(groups: RunGroup[], sort: readonly SortKey[]): RunGroup[] {
  const first = sort[0];
  if (first === undefined || !spreadColumns.includes(first.by)) return groups;
  const sign = first.descending ? -1 : 1;
  const value = ({ spreads }: RunGroup) => spreads.get(first.by)?.median ?? sign * Infinity;
  return groups.sort((a, b) => sign * (value(a) - value(b)) || 0);
}

type PartValue = string | number | undefined;

interface Part {
  readonly title: string;
  /** To be compared. */
  readonly value: (recipe: RunRecipe) => PartValue;
}

/** What is not the same in all of these recipes of one experiment, apart from the variant, which every title names. */
function varyingParts(recipes: readonly RunRecipe[]): Part[] {
  const parts: Part[] = [
    { title: 'batch', value: ({ batch }) => batch },
    { title: 'episodes', value: ({ episodes }) => episodes },
    { title: 'precision', value: ({ precision }) => precision },
    { title: 'backend', value: ({ backend }) => backend },
    { title: 'data', value: ({ dataset }) => dataset?.split(/[\\/]/).at(-1) ?? 'built-in' },
  ];
  const names = new Set(recipes.flatMap(({ parameters }) => Object.keys(parameters)));
  for (const name of names) parts.push({ title: sayParameter(name), value: ({ parameters }) => parameters[name] });
  return parts.filter(({ value }) => {
    const first = value(recipes[0]!);
    return recipes.some((recipe) => value(recipe) !== first);
  });
}

const numbers = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 });

/** Without the noise of binary fractions. */
function sayPart(value: PartValue): string {
  return typeof value === 'number' ? numbers.format(value) : (value ?? '–');
}

const recipeIds = new WeakMap<RunRecipe, number>();
let nextId = 1;

/** A name for each recipe that stays the same while the page lives. */
function idOf(recipe: RunRecipe): number {
  let id = recipeIds.get(recipe);
  if (id === undefined) recipeIds.set(recipe, (id = nextId++));
  return id;
}
