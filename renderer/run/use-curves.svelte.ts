/** Asks for the curves and exact values that a tab shows, as the page is zoomed and pointed at. */
import { untrack } from 'svelte';
import type { ExactValues } from '../charts/exact.svelte.ts';
import type { ChartLink } from '../charts/link.svelte.ts';
import type { OpenRun } from './open-run.svelte.ts';

const points = 900;

interface Wanted {
  readonly open: OpenRun;
  readonly link: ChartLink;
  readonly exact: ExactValues;
  readonly names: readonly string[];
}

/** To be called while a component is set up. */
export function useCurves(wanted: () => Wanted): void {
  $effect(() => {
    const { open, link, names } = wanted();
    const id = open.details?.id;
    const iterations = open.details?.iteration ?? 0;
    untrack(() => link.suit(iterations));
    if (id === undefined || names.length === 0) return;
    const wish = { runs: [id], names, along: link.along, range: link.range, points, extremes: true, margin: Math.ceil(link.smoothing / 2) };
    untrack(() => open.curves.want(wish));
  });
  $effect(() => {
    const { open, link, exact, names } = wanted();
    const run = open.details;
    // Without a cursor, the latest values: they change as the run goes on.
    if (run !== undefined) exact.ask({ runs: [run.id], names, along: link.along, at: link.cursor });
  });
}
