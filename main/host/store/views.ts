/** Views that people saved under a name. */
import type { LabDatabase } from './database-types.ts';

export interface SavedView {
  readonly name: string;
  readonly view: unknown;
}

export function listViews(lab: LabDatabase): SavedView[] {
  const rows = lab.prepare<{ name: string; view: string }>('SELECT name, view FROM saved_views ORDER BY name').all();
  return rows.map(({ name, view }) => ({ name, view: JSON.parse(view) as unknown }));
}

/** Replaces one of the same name. `view` is anything that JSON can hold. */
export function saveView(lab: LabDatabase, name: string, view: unknown): void {
  lab
    .prepare(
      'INSERT INTO saved_views (name, view, saved_at_ms) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET view = excluded.view, saved_at_ms = excluded.saved_at_ms',
    )
    .run(name, JSON.stringify(view ?? null), Date.now());
}

/** Whether there was one. */
export function removeView(lab: LabDatabase, name: string): boolean {
  return lab.prepare('DELETE FROM saved_views WHERE name = ?').run(name) > 0;
}
