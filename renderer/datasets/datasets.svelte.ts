/** The lab's data sets, as the page knows them. */
import type { Dataset } from '../../core/contract/api/lab.ts';
import { formatBytes } from '../format.ts';
import { host } from '../host.svelte.ts';
import { tell } from '../ui/tell.ts';

class Datasets {
  /** Undefined until they were asked for. */
  all = $state.raw<readonly Dataset[] | undefined>();

  async load(): Promise<void> {
    this.all = await host.call((api) => api.datasets.list());
  }

  /** @throws InputError `dataset-in-use`, `dataset-built-in`. */
  async remove({ id, name }: Dataset): Promise<void> {
    const { freedBytes } = await host.call((api) => api.datasets.remove({ dataset: id }));
    tell(`${name} is removed, ${formatBytes(freedBytes)} are free again`);
    await this.load();
  }
}

export const datasets = new Datasets();
