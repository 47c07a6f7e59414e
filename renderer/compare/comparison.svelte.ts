/** What is compared, and how: runs from the address, in groups, with their curves. */
import type { Spread } from '../runs/spread.ts';
import { spreadOf } from '../runs/spread.ts';
import { colours } from '../charts/colours.ts';
import { CurveSource } from '../charts/curve-source.svelte.ts';
import { ExactValues } from '../charts/exact.svelte.ts';
import type { ChartLine, Look } from '../charts/lines.ts';
import { ChartLink } from '../charts/link.svelte.ts';
import { smooth } from '../charts/smooth.ts';
import { spreadPaths } from '../charts/spread-paths.ts';
import { experiments } from '../experiments.svelte.ts';
import { router } from '../router.svelte.ts';
import { createColumns } from '../runs/columns.ts';
import { groupRows } from '../runs/group-rows.ts';
import { titleOfRow, type TableRow } from '../runs/row.ts';
import { runsStore } from '../runs/runs-store.svelte.ts';
import { excluding, including, unique } from './sets.ts';
import { differencesOf, type RecipePart } from './differences.ts';

export const mostRuns = 100;

export type Grouping = 'none' | 'all-but-seed' | 'group';
export type Statistic = 'median' | 'mean';

/** A run by itself, or several. */
export interface Entry {
  readonly key: string;
  readonly title: string;
  readonly rows: readonly TableRow[];
  readonly look: Look;
}

const columns = createColumns(new Map());
const pointsInAll = 40_000;
const mostPoints = 900;
const leastPoints = 150;

export class Comparison {
  readonly link = new ChartLink();
  readonly curves = new CurveSource();
  readonly exact = new ExactValues();
  hidden = $state.raw(including<string>([], []));
  /** The entry that is pointed at. */
  emphasis = $state<string | undefined>();
  hasMembers = $state(true);

  readonly ids = $derived(
    (router.query.get('runs') ?? '')
      .split(',')
      .filter((id) => id !== '')
      .slice(0, mostRuns),
  );
  readonly statistic = $derived<Statistic>(router.query.get('show') === 'mean' ? 'mean' : 'median');
  readonly rows = $derived.by(() => {
    // What the store gives changes with these two.
    const isKnown = runsStore.settled.length + runsStore.unsettled.size > 0;
    return isKnown ? this.ids.map((id) => runsStore.get(id)).filter((row) => row !== undefined) : [];
  });
  /** One of each experiment. */
  readonly examples = $derived(firstOfEach(this.rows));
  /** Without a choice, what the first run is judged by. */
  readonly metric = $derived(router.query.get('metric') ?? experiments.scoreOf(this.rows[0]?.recipe.experiment).name);
  /** The experiment whose runs can be held against each other by their score: by the metric, where it is a score. */
  readonly judged = $derived(
    (this.examples.find(({ recipe }) => experiments.scoreOf(recipe.experiment).name === this.metric) ?? this.rows[0])?.recipe.experiment,
  );
  readonly missing = $derived(runsStore.isLoaded ? this.ids.length - this.rows.length : 0);
  readonly grouping = $derived(this.#groupingOf(router.query.get('by')));
  readonly parts = $derived<readonly RecipePart[]>(differencesOf(this.rows));
  readonly entries = $derived(this.#makeEntries());
  readonly visible = $derived(this.entries.filter(({ key }) => !this.hidden.has(key)));
  readonly points = $derived(Math.max(leastPoints, Math.min(mostPoints, Math.floor(pointsInAll / Math.max(1, this.rows.length)))));
  readonly lines = $derived(this.#makeLines());

  set(changes: Readonly<Record<string, string | null>>): void {
    router.replaceQuery(changes);
  }

  setRuns(ids: readonly string[]): void {
    const chosen = unique(ids).slice(0, mostRuns);
    this.set({ runs: chosen.length === 0 ? null : chosen.join(',') });
  }

  add(ids: readonly string[]): void {
    this.setRuns([...this.ids, ...ids]);
  }

  remove({ rows }: Entry): void {
    this.setRuns(this.ids.filter((id) => !rows.some((row) => row.id === id)));
  }

  toggle({ key }: Entry): void {
    this.hidden = this.hidden.has(key) ? excluding(this.hidden, [key]) : including(this.hidden, [key]);
  }

  /** Exactly, at the cursor or at each run's end; null where none of them reaches so far. */
  exactOf({ rows }: Entry): Spread | null {
    const values = rows.map(({ id }) => this.exact.found.get(id)?.values[this.metric]);
    return spreadOf(values.filter((value) => value !== undefined));
  }

  #groupingOf(wanted: string | null): Grouping {
    if (wanted === 'none' || wanted === 'group' || wanted === 'all-but-seed') return wanted;
    return this.rows.length > unique(this.rows.map(({ recipe }) => recipe)).length ? 'all-but-seed' : 'none';
  }

  #makeEntries(): Entry[] {
    if (this.grouping === 'none') {
      const looks = colours.looksOf(this.rows.map(({ id }) => id));
      return this.rows.map((row) => ({ key: row.id, title: titleOfRow(row), rows: [row], look: looks.get(row.id)! }));
    }
    const groups = groupRows(this.rows, this.grouping, [], columns);
    // By what they are, so that a group keeps its colour when another one joins or leaves.
    const names = groups.map(
      ({ title, differences, rows }) => `group:${this.grouping}:${title} ${differences || JSON.stringify(rows[0]?.recipe.parameters)}`,
    );
    const looks = colours.looksOf(names);
    const isUnique = (title: string) => groups.filter((group) => group.title === title).length === 1;
    return groups.map(({ id, title, differences, rows }, index) => ({
      key: id,
      title: differences === '' || isUnique(title) ? title : `${title} · ${differences}`,
      rows,
      look: looks.get(names[index]!)!,
    }));
  }

  #makeLines(): ChartLine[] {
    if (this.curves.version < 0) return [];
    const isFaint = (entry: Entry) => this.emphasis !== undefined && this.emphasis !== entry.key;
    return this.visible.flatMap((entry): ChartLine[] => {
      const own = entry.rows.flatMap((row) => {
        const curve = this.curves.get(row.id, this.metric);
        return curve === undefined ? [] : [{ row, curve, path: smooth(curve, this.link.smoothing) }];
      });
      if (this.grouping === 'none') {
        return own.map(({ row, curve, path }) => ({
          ...{ key: row.id, label: entry.title, look: entry.look, path, isFaint: isFaint(entry) },
          ...(path.y === curve.mean || this.rows.length > 8 ? {} : { raw: { x: curve.x, y: curve.mean } }),
        }));
      }
      const spread = spreadPaths(own.map(({ path }) => path));
      const line: ChartLine = {
        ...{ key: entry.key, label: `${entry.title} (n = ${own.length})`, look: entry.look, isFaint: isFaint(entry) },
        path: { x: spread.x, y: spread[this.statistic] },
        ...(own.length > 1 ? { band: spread } : {}),
      };
      const members =
        this.hasMembers && own.length > 1
          ? own.map(({ row, path }): ChartLine => ({ key: row.id, label: '', look: entry.look, path, isFaint: true }))
          : [];
      return [...members, line];
    });
  }
}

function firstOfEach(rows: readonly TableRow[]): TableRow[] {
  return [...Map.groupBy(rows, ({ recipe }) => recipe.experiment).values()].map(([first]) => first!);
}
