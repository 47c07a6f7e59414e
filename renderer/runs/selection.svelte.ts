/** Which line of the table is the current one, and which runs are selected. */
import type { Item } from './arrange.ts';
import type { TableRow } from './row.ts';
import { runsStore } from './runs-store.svelte.ts';
import { view } from './runs-view.svelte.ts';

class Selection {
  /** Ids of runs. */
  ids = $state.raw<ReadonlySet<string>>(new Set());
  /** The key of the current line. */
  current = $state<string | undefined>();
  /** Where a range begins, and what was selected before it. */
  #anchor: string | undefined;
  #before: ReadonlySet<string> = new Set();

  readonly #places = $derived(new Map(view.arrangement.items.map(({ key }, index) => [key, index])));

  /** The selected runs that the table knows. */
  readonly rows = $derived([...this.ids].flatMap((id) => this.#settled.get(id) ?? []));
  readonly #settled = $derived(new Map(runsStore.settled.map((row) => [row.id, row])));

  readonly index = $derived(this.current === undefined ? -1 : (this.#places.get(this.current) ?? -1));
  readonly item: Item | undefined = $derived(view.arrangement.items[this.index]);

  /** What an action is for: the selected runs, else the current one or the members of the current group. */
  readonly targets: readonly TableRow[] = $derived.by(() => {
    if (this.ids.size > 0) return this.rows;
    return this.item === undefined ? [] : runsOf(this.item).flatMap((id) => this.#settled.get(id) ?? []);
  });

  constructor() {
    // What is done with runs of the lab is not meant for those in the trash.
    view.onTrash = () => this.clear();
  }

  clear(): void {
    this.ids = new Set();
    this.#before = this.ids;
  }

  selectAll(): void {
    this.ids = new Set(view.arrangement.rows.map(({ id }) => id));
  }

  /** Makes the line at `index` the current one; `extend` selects everything from where the range began. */
  goTo(index: number, extend = false): void {
    const { items } = view.arrangement;
    const item = items[Math.max(0, Math.min(items.length - 1, index))];
    if (item === undefined) return;
    if (extend) this.#extendTo(item);
    else this.#anchorAt(item);
    this.current = item.key;
  }

  toggle(item: Item | undefined = this.item): void {
    if (item === undefined) return;
    const own = new Set(runsOf(item));
    const all = [...own].every((id) => this.ids.has(id));
    this.ids = all ? new Set([...this.ids].filter((id) => !own.has(id))) : new Set([...this.ids, ...own]);
    this.#anchorAt(item);
  }

  click(index: number, { shiftKey, ctrlKey, metaKey }: MouseEvent): void {
    const item = view.arrangement.items[index];
    if (item === undefined) return;
    if (shiftKey) {
      this.goTo(index, true);
      return;
    }
    if (ctrlKey || metaKey) {
      // The first one that is added joins the one that is being looked at.
      if (this.ids.size === 0 && this.item !== undefined && this.item.key !== item.key) this.toggle();
      this.toggle(item);
    }
    this.goTo(index);
  }

  /** All, some or none of a line's runs. */
  stateOf(item: Item): boolean | 'mixed' {
    const own = runsOf(item);
    const count = own.reduce((sum, id) => sum + (this.ids.has(id) ? 1 : 0), 0);
    return count === 0 ? false : count === own.length ? true : 'mixed';
  }

  #anchorAt(item: Item): void {
    this.#anchor = item.key;
    this.#before = this.ids;
  }

  #extendTo(item: Item): void {
    this.#anchor ??= this.current ?? item.key;
    const [from, to] = [this.#places.get(this.#anchor) ?? 0, this.#places.get(item.key) ?? 0];
    const range = view.arrangement.items.slice(Math.min(from, to), Math.max(from, to) + 1);
    this.ids = new Set([...this.#before, ...range.flatMap((each) => runsOf(each))]);
  }
}

export function runsOf(item: Item): readonly string[] {
  return item.kind === 'run' ? [item.id] : item.group.rows.map(({ id }) => id);
}

export const selection = new Selection();
