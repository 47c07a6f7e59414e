/** Backups, trash and databases of the lab. */
import type { RunSummary } from '../../core/contract/api/runs.ts';
import { formatBytes } from '../format.ts';
import { host } from '../host.svelte.ts';
import { tellJob } from '../ui/tell-job.ts';
import { attempt, tell } from '../ui/tell.ts';

interface Backup {
  readonly file: string;
  readonly madeAtMs: number;
  readonly bytes: number;
}

/** More than this many in the trash are counted and deleted, but not listed. */
const mostTrashed = 20_000;

export class LabStorage {
  backups = $state.raw<readonly Backup[]>([]);
  trashed = $state.raw<readonly RunSummary[]>([]);
  isBackingUp = $state(false);
  isPurging = $state(false);

  get trashedBytes(): number {
    return this.trashed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  async load(): Promise<void> {
    await attempt(async () => {
      this.backups = await host.call((api) => api.host.backups());
      const { runs } = await host.call((api) => api.runs.list({ trashed: true, limit: mostTrashed }));
      this.trashed = runs;
    }, 'The storage could not be looked at');
  }

  async backUp(): Promise<void> {
    this.isBackingUp = true;
    await attempt(async () => {
      const { bytes } = await host.call((api) => api.host.backup());
      tell(`Backed up, ${formatBytes(bytes)}`);
      this.backups = await host.call((api) => api.host.backups());
    }, 'No backup was made');
    this.isBackingUp = false;
  }

  async restore(id: string): Promise<void> {
    await attempt(() => host.call((api) => api.runs.restore({ runs: [id] })), 'The run stays in the trash');
    await this.load();
  }

  /** Deletes them for good. */
  async purge(): Promise<void> {
    this.isPurging = true;
    await attempt(async () => {
      const { purged, freedBytes } = await host.call((api) => api.runs.purge({ runs: this.trashed.map(({ id }) => id) }));
      tell(`${purged.length === 1 ? 'A run was' : `${purged.length} runs were`} deleted; ${formatBytes(freedBytes)} are free again`);
    }, 'Not all was deleted');
    this.isPurging = false;
    await this.load();
  }

  async rebuild(): Promise<void> {
    await attempt(async () => {
      const { job } = await host.call((api) => api.host.rebuild());
      await tellJob(job, 'Rebuilding the databases', () => ({ message: 'The databases were made anew' }));
    }, 'The databases were not rebuilt');
    await this.load();
  }

  async reveal(path: string): Promise<void> {
    await attempt(() => window.engram.ask('reveal', { path }));
  }
}
