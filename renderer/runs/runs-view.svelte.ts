/** What the table is asked to show: filter, sort, groups; and what comes of it. It outlives the screen, so that one finds it as one left it. */
import { arrange, prepare, type SortKey } from './arrange.ts';
import { createColumns, type Column } from './columns.ts';
import { parseFilter } from './filter/parse-filter.ts';
import type { GroupBy } from './group-rows.ts';
import type { TableRow } from './row.ts';
import { runsStore } from './runs-store.svelte.ts';
import { layout } from './table-layout.svelte.ts';

/** New runs come in at most this often. */
const settleEveryMs = 1000;

class RunsView {
  #text = $state('');
  #sort = $state.raw<readonly SortKey[]>([]);
  #groupBy = $state<GroupBy>('none');
  #trash = $state(false);
  /** Whether the filter is being written at this moment. */
  isTyping = $state(false);
  /** Groups whose members are shown. */
  open = $state.raw<ReadonlySet<string>>(new Set());
  /** Whether one sees the beginning of the table. */
  atTop = true;
  /** Called when the lab gives way to the trash, or the trash to the lab. */
  onTrash: () => void = () => {};
  /** Where it was scrolled to. */
  scrollTop = 0;

  readonly columns: readonly Column[] = $derived(createColumns(runsStore.parameters));
  readonly shown = $derived(layout.choose(this.columns));
  readonly filter = $derived(parseFilter(this.text, this.columns, Date.now(), this.isTyping));
  /** Every run of the lab, or of the trash. */
  readonly all = $derived(runsStore.settled.filter((row) => this.#isHere(row)));
  readonly trashed = $derived(runsStore.settled.filter(({ trashedAtMs }) => trashedAtMs !== null));
  readonly #prepared = $derived(
    prepare(this.all, { matches: this.filter.matches, sort: this.sort, groupBy: this.groupBy, columns: this.columns }),
  );
  readonly arrangement = $derived(arrange(this.#prepared, this.open));
  readonly groups = $derived(this.#prepared.groups);
  readonly #ids = $derived(new Set(this.#prepared.rows.map(({ id }) => id)));

  /** Runs that would come in, and such as would leave, if the table were made anew. */
  readonly pending = $derived.by(() => {
    let [coming, leaving] = [0, 0];
    for (const [id, row] of runsStore.unsettled) {
      const belongs = row !== undefined && this.#isHere(row) && this.filter.matches(row);
      if (belongs && !this.#ids.has(id)) coming++;
      if (!belongs && this.#ids.has(id)) leaving++;
    }
    return { coming, leaving };
  });

  #settledMs = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    runsStore.onPatched = () => this.#considerSettling();
  }

  /** The filter. */
  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#ask(() => (this.#text = text));
  }

  get sort(): readonly SortKey[] {
    return this.#sort;
  }

  set sort(sort: readonly SortKey[]) {
    this.#ask(() => (this.#sort = sort));
  }

  get groupBy(): GroupBy {
    return this.#groupBy;
  }

  /** The trash instead of the lab. */
  get trash(): boolean {
    return this.#trash;
  }

  set trash(trash: boolean) {
    if (trash === this.#trash) return;
    this.#ask(() => (this.#trash = trash));
    this.onTrash();
  }

  settle(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#settledMs = performance.now();
    runsStore.settle();
  }

  /** A click on a column's head: up, down, as before; with `more`, after those that are there. */
  sortBy(id: string, more: boolean): void {
    const before = this.sort.find(({ by }) => by === id);
    const next = before === undefined ? [{ by: id, descending: false }] : before.descending ? [] : [{ by: id, descending: true }];
    if (!more) this.sort = next;
    else if (before === undefined) this.sort = [...this.sort, ...next];
    else this.sort = this.sort.flatMap((key) => (key.by === id ? next : [key]));
  }

  group(by: GroupBy): void {
    this.#ask(() => (this.#groupBy = by));
    this.open = new Set();
  }

  toggleGroup(id: string): void {
    this.open = new Set(this.open.has(id) ? [...this.open].filter((each) => each !== id) : [...this.open, id]);
  }

  openAll(isOpen: boolean): void {
    this.open = new Set(isOpen ? this.groups?.map(({ id }) => id) : []);
  }

  /** Whether the run is among those of the table, if only within a group that is closed. */
  holds(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Whether anything narrows what is shown. */
  get isFiltered(): boolean {
    return this.filter.terms.length > 0;
  }

  /** Whoever asks for something else is shown what is true by now. */
  #ask(change: () => void): void {
    if (runsStore.unsettled.size > 0) this.settle();
    change();
  }

  #isHere({ trashedAtMs }: TableRow): boolean {
    return (trashedAtMs !== null) === this.trash;
  }

  /** New runs appear by themselves only where one sees the beginning; otherwise they wait to be asked for. */
  #considerSettling(): void {
    const { coming, leaving } = this.pending;
    if (!this.atTop || coming + leaving === 0 || this.#timer !== undefined) return;
    const waitMs = Math.max(0, this.#settledMs + settleEveryMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.atTop) this.settle();
    }, waitMs);
  }
}

export const view = new RunsView();
