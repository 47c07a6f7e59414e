/** Which columns are shown, how wide and in which order; remembered. */
import { z } from 'zod';
import { usualColumns, type Column } from './columns.ts';

const place = 'engram.runs.layout';
const narrowest = 44;
const widest = 600;

/** Before there was a second experiment, the score's column was called after that of images. */
const columnSchema = z.string().transform((id) => (id === 'relativeError' ? 'score' : id));

export const layoutSchema = z.object({ shown: z.array(columnSchema).min(1), widths: z.record(z.string(), z.number()) });

export type Layout = z.infer<typeof layoutSchema>;

const usual: Layout = { shown: usualColumns, widths: {} };

class TableLayout {
  #layout = $state.raw<Layout>(remember());

  get current(): Layout {
    return this.#layout;
  }

  /** Those that are shown, in their order. */
  choose(columns: readonly Column[]): Column[] {
    return this.#layout.shown.flatMap((id) => columns.find((column) => column.id === id) ?? []);
  }

  widthOf({ id, width }: Column): number {
    return this.#layout.widths[id] ?? width;
  }

  isShown(id: string): boolean {
    return this.#layout.shown.includes(id);
  }

  toggle(id: string): void {
    const { shown } = this.#layout;
    if (!shown.includes(id)) this.set({ shown: [...shown, id] });
    else if (shown.length > 1) this.set({ shown: shown.filter((each) => each !== id) });
  }

  /** Puts a column where another one is. */
  move(id: string, to: number): void {
    const rest = this.#layout.shown.filter((each) => each !== id);
    const at = Math.max(0, Math.min(rest.length, to));
    this.set({ shown: [...rest.slice(0, at), id, ...rest.slice(at)] });
  }

  resize(id: string, width: number): void {
    const rounded = Math.round(Math.max(narrowest, Math.min(widest, width)));
    this.set({ widths: { ...this.#layout.widths, [id]: rounded } });
  }

  reset(): void {
    this.set(usual);
  }

  set(changes: Partial<Layout>): void {
    this.#layout = { ...this.#layout, ...changes };
    localStorage.setItem(place, JSON.stringify(this.#layout));
  }
}

function remember(): Layout {
  try {
    return layoutSchema.parse(JSON.parse(localStorage.getItem(place) ?? 'null'));
  } catch {
    return usual;
  }
}

export const layout = new TableLayout();
