/** Which screen an address means. */
import type { Component } from 'svelte';
import ComparePage from './compare/compare-page.svelte';
import DatasetsPage from './datasets/datasets-page.svelte';
import NewRunPage from './new-run/new-run-page.svelte';
import QueuePage from './queue/queue-page.svelte';
import RunPage from './run/run-page.svelte';
import RunsPage from './runs/runs-page.svelte';
import SystemPage from './system/system-page.svelte';
import type { ScreenName } from './words.ts';

export interface Page {
  /** What the rail marks. */
  readonly screen: ScreenName;
  readonly component: Component;
}

/** `/runs`, `/runs/ID`, `/new`, `/new?from=ID`, `/compare?runs=A,B`, `/datasets`, `/datasets/ID`, `/queue`, `/system`. */
export function findPage([first = 'runs', id]: readonly string[]): Page {
  switch (first) {
    case 'new':
      return { screen: 'runs', component: NewRunPage };
    case 'compare':
      return { screen: 'compare', component: ComparePage };
    case 'datasets':
      return { screen: 'datasets', component: DatasetsPage };
    case 'queue':
      return { screen: 'queue', component: QueuePage };
    case 'system':
      return { screen: 'system', component: SystemPage };
    default:
      return id === undefined ? { screen: 'runs', component: RunsPage } : { screen: 'runs', component: RunPage };
  }
}
