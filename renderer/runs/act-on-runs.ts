/** What can be done with runs from the table; each tells what came of it, with a way back where there is one. */
import type { LabClient } from '../host-link.ts';
import { host } from '../host.svelte.ts';
import { formatBytes } from '../format.ts';
import { router } from '../router.svelte.ts';
import { attempt, tell } from '../ui/tell.ts';
import { titleOfRow, type TableRow } from './row.ts';
import { runsStore } from './runs-store.svelte.ts';
import { view } from './runs-view.svelte.ts';
import { selection } from './selection.svelte.ts';

/** More cannot be told apart on a screen. */
const mostCompared = 100;

const idsOf = (rows: readonly TableRow[]) => rows.map(({ id }) => id);

/** `run reference`, `3 runs`. */
export function sayRuns(rows: readonly TableRow[]): string {
  const [first] = rows;
  return rows.length === 1 && first !== undefined ? titleOfRow(first) : `${rows.length.toLocaleString('en')} runs`;
}

export function open(row: TableRow): void {
  router.go(`/runs/${row.id}`);
}

export function compare(rows: readonly TableRow[]): void {
  const chosen = idsOf(rows).slice(0, mostCompared);
  if (rows.length > mostCompared) tell(`Comparing the first ${mostCompared} of ${rows.length.toLocaleString('en')} runs`);
  router.go(`/compare?runs=${chosen.join(',')}`);
}

type About = Omit<Parameters<LabClient['runs']['updateAll']>[0], 'runs'>;

/** Says the same of all of them; `undo` says it back. */
async function update(rows: readonly TableRow[], changes: About, done: string, undo?: () => Promise<unknown>): Promise<boolean> {
  const back = undo === undefined ? undefined : () => void attempt(undo, 'It could not be undone');
  const worked = await attempt(() => host.call((api) => api.runs.updateAll({ runs: idsOf(rows), ...changes })));
  if (worked) tell(done, back);
  return worked;
}

export async function addTags(rows: readonly TableRow[], added: readonly string[], removed: readonly string[]): Promise<boolean> {
  const words = [...added.map((tag) => `+${tag}`), ...removed.map((tag) => `−${tag}`)].join(' ');
  const undo = () => Promise.all([restoreTags(rows, added, true), restoreTags(rows, removed, false)]);
  return await update(rows, { addTags: [...added], removeTags: [...removed] }, `${sayRuns(rows)}: ${words}`, undo);
}

/** Each run gets back what it had of these tags. */
async function restoreTags(rows: readonly TableRow[], tags: readonly string[], wereAdded: boolean): Promise<void> {
  for (const tag of tags) {
    const runs = idsOf(rows.filter((row) => row.tags.includes(tag) !== wereAdded));
    const changes = wereAdded ? { removeTags: [tag] } : { addTags: [tag] };
    if (runs.length > 0) await host.call((api) => api.runs.updateAll({ runs, ...changes }));
  }
}

export async function setGroup(rows: readonly TableRow[], group: string): Promise<boolean> {
  const said = group === '' ? `${sayRuns(rows)}: in no group any more` : `${sayRuns(rows)}: in group ${group}`;
  return await update(rows, { group }, said, () =>
    restoreEach(
      rows,
      ({ group: before }) => before,
      (before) => ({ group: before }),
    ),
  );
}

/** A name is one run's; without one it is called by what it is. */
export async function rename(row: TableRow, name: string): Promise<boolean> {
  const before = row.name;
  if (name === before) return true;
  const to = (text: string) => host.call((api) => api.runs.update({ run: row.id, name: text }));
  const worked = await attempt(() => to(name), 'The name was not changed');
  if (worked) tell(name === '' ? `${before} has no name any more` : `Renamed to ${name}`, () => void attempt(() => to(before)));
  return worked;
}

export async function setNote(rows: readonly TableRow[], note: string): Promise<boolean> {
  return await update(rows, { note }, `${sayRuns(rows)}: note saved`, () =>
    restoreEach(
      rows,
      (row) => row.note,
      (before) => ({ note: before }),
    ),
  );
}

/** One call for each value that was there before. */
async function restoreEach(rows: readonly TableRow[], read: (row: TableRow) => string, toChanges: (value: string) => About): Promise<void> {
  for (const [value, members] of Map.groupBy(rows, read)) {
    await host.call((api) => api.runs.updateAll({ runs: idsOf(members), ...toChanges(value) }));
  }
}

/** Protects them unless all of them are. */
export async function toggleProtection(asked: readonly TableRow[]): Promise<void> {
  const rows = runsStore.latest(asked);
  const changed = rows.every((row) => row.protected) ? rows : rows.filter((row) => !row.protected);
  const protect = changed.some((row) => !row.protected);
  const undo = () => host.call((api) => api.runs.updateAll({ runs: idsOf(changed), protected: !protect }));
  await update(changed, { protected: protect }, `${sayRuns(changed)}: ${protect ? 'protected' : 'no longer protected'}`, undo);
}

export function isTrashable({ status, protected: isProtected, trashedAtMs }: TableRow): boolean {
  return !isProtected && trashedAtMs === null && !['queued', 'running', 'paused'].includes(status);
}

/** Those that can go; the others stay, and it is said why. */
export async function trash(asked: readonly TableRow[]): Promise<void> {
  const rows = runsStore.latest(asked);
  const going = rows.filter(isTrashable);
  const why = sayStaying(rows);
  if (going.length === 0) {
    tell(`Not put into the trash: ${why}`);
    return;
  }
  const worked = await attempt(async () => {
    runsStore.take(await host.call((api) => api.runs.trash({ runs: idsOf(going) })));
  }, 'They could not be put into the trash');
  if (!worked) return;
  leave(going);
  tell(`${sayRuns(going)} put into the trash${why === '' ? '' : `; ${why}`}`, () => void restore(going));
}

function sayStaying(rows: readonly TableRow[]): string {
  const isProtected = rows.filter((row) => row.protected).length;
  const live = rows.filter((row) => !row.protected && !isTrashable(row)).length;
  const say = (count: number, what: string) => (count === 0 ? [] : [rows.length === 1 ? `it is ${what}` : `${count} ${what} stay`]);
  return [...say(isProtected, 'protected'), ...say(live, 'not ended')].join(', ');
}

export async function restore(rows: readonly TableRow[]): Promise<void> {
  const worked = await attempt(async () => {
    runsStore.take(await host.call((api) => api.runs.restore({ runs: idsOf(rows) })));
  }, 'They could not be restored');
  if (!worked) return;
  leave(rows);
  tell(`${sayRuns(rows)} restored`);
}

export async function purge(rows: readonly TableRow[]): Promise<void> {
  await attempt(async () => {
    const { purged, freedBytes } = await host.call((api) => api.runs.purge({ runs: idsOf(rows) }));
    runsStore.forget(purged);
    leave(rows);
    tell(
      `${purged.length === 1 ? '1 run' : `${purged.length.toLocaleString('en')} runs`} deleted for good, ${formatBytes(freedBytes)} freed`,
    );
  }, 'They could not be deleted');
}

/** They are gone from where they were: nothing of them stays selected, and the line that takes their place is the current one. */
function leave(rows: readonly TableRow[]): void {
  const { index } = selection;
  const ids = new Set(selection.ids);
  for (const { id } of rows) ids.delete(id);
  selection.ids = ids;
  view.settle();
  if (selection.index < 0 && index >= 0) selection.goTo(index);
}
