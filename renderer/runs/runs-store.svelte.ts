/** All runs of the lab, kept up to date: loaded once for each connection, then patched by what the host tells. */
import type { RunSummary } from '../../core/contract/api/runs.ts';
import { host } from '../host.svelte.ts';
import { lab } from '../lab.svelte.ts';
import { Recipes, rowOfSummary, rowsOfTable, type TableRow } from './row.ts';

type Kinds = ReadonlyMap<string, 'number' | 'string'>;

class RunsStore {
  /** Newest first, as they were when what is shown was last settled: lists are made of these, so that live runs do not move them. */
  settled = $state.raw<readonly TableRow[]>([]);
  /** Runs that have changed since; undefined: they are gone. */
  unsettled = $state.raw<ReadonlyMap<string, TableRow | undefined>>(new Map());
  isLoaded = $state(false);
  trouble = $state.raw<Error | undefined>();
  /** The hyper-parameters that occur, and what they hold. */
  parameters = $state.raw<Kinds>(new Map());

  /** Called after each change that the host tells of. */
  onPatched: () => void = () => {};

  readonly #latest = new Map<string, TableRow>();
  readonly #recipes = new Recipes();
  #loadedEpoch = 0;
  /** What came while the table was on its way. */
  #early: (() => void)[] | undefined;

  constructor() {
    lab.onChange((runs, removed) => this.#patch(runs, removed));
  }

  /** As it is at this moment. */
  get(id: string): TableRow | undefined {
    return this.unsettled.has(id) ? this.unsettled.get(id) : this.#latest.get(id);
  }

  /** The same runs as they are at this moment: lists hold them as they were. */
  latest(rows: readonly TableRow[]): TableRow[] {
    return rows.map((row) => this.get(row.id) ?? row);
  }

  /** Does nothing where this connection has brought them already. */
  async load(): Promise<void> {
    if (this.#early !== undefined || this.#loadedEpoch === host.epoch) return;
    const early = (this.#early = [] as (() => void)[]);
    try {
      const table = await host.call((api) => api.runs.table());
      this.#latest.clear();
      for (const row of rowsOfTable(table, this.#recipes)) this.#latest.set(row.id, row);
      this.#loadedEpoch = host.epoch;
      this.trouble = undefined;
      this.isLoaded = true;
    } catch (error) {
      this.trouble = error instanceof Error ? error : new Error(String(error));
    }
    this.#early = undefined;
    for (const patch of early) patch();
    this.settle();
  }

  /** Lists are made anew of what is true now. */
  settle(): void {
    const rows = [...this.#latest.values()];
    const inOrder = rows.every((row, index) => index === 0 || isNewer(rows[index - 1]!, row));
    this.settled = inOrder ? rows : rows.sort((a, b) => (isNewer(a, b) ? -1 : 1));
    this.unsettled = new Map();
    this.#noteParameters();
  }

  /** What a call has answered, before the host tells everybody. */
  take(runs: readonly RunSummary[]): void {
    this.#patch(runs, []);
  }

  /** They are deleted for good. */
  forget(ids: readonly string[]): void {
    this.#patch([], ids);
  }

  #patch(runs: readonly RunSummary[], removed: readonly string[]): void {
    if (this.#early !== undefined) {
      this.#early.push(() => this.#patch(runs, removed));
      return;
    }
    if (!this.isLoaded) return;
    const rows = runs.map((run) => rowOfSummary(run, this.#recipes));
    for (const row of rows) this.#latest.set(row.id, row);
    for (const id of removed) this.#latest.delete(id);
    const changed = [...rows.map((row) => [row.id, row] as const), ...removed.map((id) => [id, undefined] as const)];
    this.unsettled = new Map([...this.unsettled, ...changed]);
    this.onPatched();
  }

  #noteParameters(): void {
    const pairs = [...this.#recipes.all].flatMap(({ parameters }) => Object.entries(parameters));
    const found: Kinds = new Map(pairs.map(([name, value]) => [name, typeof value === 'number' ? 'number' : 'string']));
    if (found.size !== this.parameters.size) this.parameters = found;
  }
}

function isNewer(a: TableRow, b: TableRow): boolean {
  return a.createdAtMs === b.createdAtMs ? a.id > b.id : a.createdAtMs > b.createdAtMs;
}

export const runsStore = new RunsStore();
