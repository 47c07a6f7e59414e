/** What comes into the lab from outside: data sets, through a dialog on their page, and archives of runs. */
import { SvelteMap } from 'svelte/reactivity';
import type { Job } from '../../core/contract/api/lab.ts';
import { InputError } from '../../core/contract/errors.ts';
import { host } from '../host.svelte.ts';
import { cancelJob, followJob, isActive } from '../jobs.ts';
import { router } from '../router.svelte.ts';
import { tellJob } from '../ui/tell-job.ts';
import { attempt, tell, tellError } from '../ui/tell.ts';
import { datasets } from './datasets.svelte.ts';

export type Place = 'copy' | 'in-place';

class Importing {
  /** What the dialog is open for; empty: nothing chosen yet; undefined: it is closed. */
  path = $state<string | undefined>();
  /** Imports of data sets that go on, and those that failed and nobody has put away. */
  readonly jobs = new SvelteMap<string, Job>();

  /** Those that another window or the command line has started, too. */
  async look(): Promise<void> {
    for (const job of await host.call((api) => api.jobs.list())) {
      if (job.kind === 'import-dataset' && isActive(job) && !this.jobs.has(job.id)) void this.#follow(job);
    }
  }

  /** @throws InputError `path-relative`, `dataset-name-taken`. */
  async start(path: string, name: string, place: Place): Promise<void> {
    const { job } = await host.call((api) => api.datasets.add({ path, place, ...(name === '' ? {} : { name }) }));
    const known = (await host.call((api) => api.jobs.list())).find(({ id }) => id === job);
    if (known !== undefined) void this.#follow(known);
  }

  async cancel(id: string): Promise<void> {
    await attempt(() => cancelJob(id));
  }

  putAway(id: string): void {
    this.jobs.delete(id);
  }

  async #follow(first: Job): Promise<void> {
    this.jobs.set(first.id, first);
    try {
      const last = await followJob(first.id, (job) => this.jobs.set(job.id, job));
      if (last?.state === 'failed') {
        if (!isShown()) tellError(new Error(last.error?.message), last.title);
        return;
      }
      if (last?.state === 'done') {
        await datasets.load();
        tell(`${capital(last.title)} is done`);
      }
      this.jobs.delete(first.id);
    } catch (error) {
      this.jobs.delete(first.id);
      const wasLost = error instanceof InputError && error.code === 'unknown-job';
      tellError(wasLost ? new Error('The lab host was started again meanwhile; import it once more.') : error, first.title);
    }
  }
}

export const importing = new Importing();

/** What somebody dropped or chose: an archive of a run is taken in at once, anything else is asked about on the page of data sets. */
export function importPath(path: string): void {
  if (isArchive(path)) {
    void importArchive(path);
    return;
  }
  router.go('/datasets');
  importing.path = path;
}

/** Opens the dialog with nothing chosen yet. */
export function importDataset(): void {
  router.go('/datasets');
  importing.path = '';
}

/** Asks for the archive where none is given. */
export async function importArchive(path?: string): Promise<void> {
  await attempt(async () => {
    const chosen = path ?? (await window.engram.ask('pick', { purpose: 'archive' }));
    if (chosen === null) return;
    const { job } = await host.call((api) => api.transfer.importRun({ path: chosen }));
    await tellJob(job, `Import of ${nameOfPath(chosen)}`, ({ result: [run = ''] }) => {
      return { message: `Run ${run} is in the lab`, action: { label: 'Open', act: () => router.go(`/runs/${run}`) } };
    });
  }, 'The archive was not imported');
}

export function isArchive(path: string): boolean {
  return path.endsWith('.engram.tar.gz');
}

export function nameOfPath(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== '') ?? path;
}

function isShown(): boolean {
  return router.parts[0] === 'datasets';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
