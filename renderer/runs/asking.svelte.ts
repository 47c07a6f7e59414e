/** Which question about which runs stands in front of the table. */
import type { TableRow } from './row.ts';
import { runsStore } from './runs-store.svelte.ts';

export type Question = 'name' | 'tag' | 'group' | 'note' | 'export' | 'purge' | 'save-view';

class Asking {
  question = $state<Question | undefined>();
  rows = $state.raw<readonly TableRow[]>([]);

  ask(question: Question, rows: readonly TableRow[] = []): void {
    if (rows.length === 0 && question !== 'save-view') return;
    this.rows = runsStore.latest(rows);
    this.question = question;
  }

  close(): void {
    this.question = undefined;
  }
}

export const asking = new Asking();
