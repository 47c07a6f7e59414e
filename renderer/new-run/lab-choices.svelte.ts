/** What the lab and this machine have to choose from: data sets and backends. */
import type { Dataset } from '../../core/contract/api/lab.ts';
import type { BackendReport } from '../../core/contract/backend-report.ts';
import { defaultDatasets, suits, type DataKind } from '../../core/contract/dataset-description.ts';
import { backendChoices, precisionNames } from '../../core/contract/run-spec.ts';
import { host } from '../host.svelte.ts';
import { lab } from '../lab.svelte.ts';

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
}

class LabChoices {
  datasets = $state.raw<readonly Dataset[]>([]);
  reports = $state.raw<readonly BackendReport[]>([]);
  isExamining = $state(false);

  async load(): Promise<void> {
    const datasets = host.call((api) => api.datasets.list()).then((list) => (this.datasets = list));
    const backends = host.call((api) => api.experiments.backends({ examine: false })).then(({ reports }) => (this.reports = reports));
    await Promise.all([datasets, backends]);
    // Trying a graphics card out while a run has it might cost the run its memory.
    if (this.reports.length === 0 && lab.running.length === 0) await this.examine();
  }

  async examine(): Promise<void> {
    if (this.isExamining) return;
    this.isExamining = true;
    try {
      this.reports = (await host.call((api) => api.experiments.backends({ examine: true }))).reports;
    } finally {
      this.isExamining = false;
    }
  }

  /** Those of the lab that an experiment can be trained on. */
  datasetsFor(data: DataKind): Dataset[] {
    return this.datasets.filter(({ description }) => suits(data, description.format));
  }

  report(backend: string): BackendReport | undefined {
    return this.reports.find(({ name, works }) => works && (backend === 'auto' || name === backend));
  }

  /** Of the fields whose choices are not the experiment's own; `value` is what is chosen, whether or not the lab has it. */
  optionsOf(key: string, value: string, { backend, data }: { readonly backend: string; readonly data: DataKind }): Option[] {
    if (key === 'dataset') return withValue(this.#datasetOptions(data), value);
    if (key === 'backend') return backendChoices.map((name) => this.#backendOption(name));
    if (key === 'device') return withValue([{ value: '', label: 'its first' }, ...this.#deviceOptions(backend)], value);
    return precisionNames.map((name) => ({ value: name, label: name }));
  }

  #datasetOptions(data: DataKind): Option[] {
    const options = this.datasetsFor(data).map(({ name, description }) => ({ value: description.path ?? '', label: name }));
    return options.some(({ value }) => value === '') ? options : [{ value: '', label: defaultDatasets[data] ?? '' }, ...options];
  }

  #backendOption(name: (typeof backendChoices)[number]): Option {
    const report = this.reports.find((candidate) => candidate.name === name);
    const best = name === 'auto' ? this.report('auto')?.name : undefined;
    if (name === 'auto') return { value: name, label: best === undefined ? 'auto' : `auto: ${best}` };
    if (report?.works === false) return { value: name, label: `${name}, not on this machine`, disabled: true };
    const speed = report?.gigaflops === undefined ? '' : `, ${report.gigaflops.toPrecision(2)} GFLOP/s`;
    return { value: name, label: `${name}${speed}` };
  }

  #deviceOptions(backend: string): Option[] {
    const devices = backend === 'auto' ? [] : (this.report(backend)?.devices ?? []);
    return devices.map(({ name, description }) => ({ value: name, label: `${name}: ${description}` }));
  }
}

export const choices = new LabChoices();

function withValue(options: Option[], value: string): Option[] {
  return options.some((option) => option.value === value) ? options : [...options, { value, label: value }];
}
