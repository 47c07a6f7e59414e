/** The lab's settings: each change goes to the host at once. */
import type { Settings } from '../../core/contract/api/lab.ts';
import { host } from '../host.svelte.ts';
import { attempt } from '../ui/tell.ts';

export class LabSettings {
  values = $state.raw<Settings | undefined>();

  async load(): Promise<void> {
    await attempt(async () => (this.values = await host.call((api) => api.host.settings())), 'The settings could not be read');
  }

  async change(changes: Partial<Settings>): Promise<void> {
    await attempt(async () => (this.values = await host.call((api) => api.host.changeSettings(changes))), 'The setting stays as it was');
  }
}
