/** The forms that are begun: they stay while the window is open, also when its page is loaded again. */
import type { ExperimentDescription } from '../../core/contract/api/experiments.ts';
import { suits } from '../../core/contract/dataset-description.ts';
import { FailureError } from '../../core/contract/errors.ts';
import { z } from 'zod';
import { experiments as known } from '../experiments.svelte.ts';
import { host } from '../host.svelte.ts';
import { titleOf } from '../words.ts';
import { RunForm, type FormSource } from './form.svelte.ts';

const forms = new Map<string, RunForm>();
const typedSchema = z.record(z.string(), z.string());
const prefix = 'engram.draft:';

/** What an address may say of the form; null: nothing. */
export interface FormAddress {
  /** A run that it begins with. */
  readonly from: string | null;
  readonly experiment: string | null;
  /** A data set of the lab that is to be chosen. */
  readonly dataset: string | null;
}

export interface OpenForm {
  readonly form: RunForm;
  readonly experiments: readonly ExperimentDescription[];
}

/**
 * A form for the experiment (where none is named, the first one that fits the data set), or one that begins with what run `from` was asked to do.
 * @throws EngramError as the host meant it: there is no such run or data set.
 */
export async function openForm({ from, experiment, dataset }: FormAddress): Promise<OpenForm> {
  const all = await host.call((api) => api.experiments.list());
  known.put(all);
  const experiments = all.filter(({ gone }) => gone !== true);
  const chosen = dataset === null ? undefined : (await host.call((api) => api.datasets.get({ dataset }))).description;
  const isFit = ({ data }: ExperimentDescription) => chosen === undefined || suits(data, chosen.format);
  const name = experiment ?? experiments.find(isFit)?.name ?? null;
  const key = from ?? `new ${name ?? ''}`;
  let form = forms.get(key);
  const now = experiments.find((candidate) => candidate.name === form?.source.experiment.name);
  // The user's own tasks, networks and rules may have changed since it was opened.
  if (form === undefined || JSON.stringify(now) !== JSON.stringify(form.source.experiment)) {
    form = new RunForm(await findSource(experiments, from, name), form?.typed ?? readDraft(key));
    forms.set(key, form);
  }
  if (chosen !== undefined && isFit(form.source.experiment)) form.set('dataset', chosen.path ?? '');
  return { form, experiments };
}

/** For the page, whenever something was typed. */
export function keepDraft(form: RunForm): void {
  for (const [key, candidate] of forms) if (candidate === form) sessionStorage.setItem(prefix + key, JSON.stringify(form.typed));
}

/** What became a run is no draft any more. */
export function endDraft(form: RunForm): void {
  for (const [key, candidate] of forms) {
    if (candidate !== form) continue;
    forms.delete(key);
    sessionStorage.removeItem(prefix + key);
  }
}

async function findSource(experiments: readonly ExperimentDescription[], from: string | null, wanted: string | null): Promise<FormSource> {
  const run = from === null ? undefined : await host.call((api) => api.runs.get({ run: from }));
  const name = run?.spec.experiment ?? wanted;
  const experiment = experiments.find((candidate) => candidate.name === name);
  if (experiment === undefined) throw new FailureError('unknown-experiment', `there is no experiment "${name ?? ''}" in this lab`);
  if (run === undefined) return { experiment, base: experiment.preset, about: { name: '', group: '', tags: [] } };
  const { id, spec, group, tags } = run;
  return { experiment, base: spec, about: { name: '', group, tags }, from: { id, title: titleOf(run) } };
}

function readDraft(key: string): Record<string, string> {
  try {
    return typedSchema.parse(JSON.parse(sessionStorage.getItem(prefix + key) ?? '{}'));
  } catch {
    return {};
  }
}
