/** A checkpoint of this or of another run that something is compared with, and how the address names it. */
import type { RunDetails } from '../../core/contract/api/runs.ts';
import { InputError } from '../../core/contract/errors.ts';
import { formatCount } from '../format.ts';
import { host } from '../host.svelte.ts';
import { keptOf } from './checkpoints.ts';
import { Inspection, type OpenEpisode, type Wanted } from './inspection.svelte.ts';

export interface Source {
  readonly run: RunDetails;
  /** The newest checkpoint without. */
  readonly file: string | undefined;
}

function hasFile({ checkpoints }: RunDetails, wanted: string): boolean {
  return checkpoints.some(({ file, removed }) => file === wanted && !removed);
}

/**
 * @param text a checkpoint's file of `own`, or another run's id, which its checkpoint's file may follow after a slash.
 * @throws InputError `unknown-run`, `unknown-checkpoint`.
 */
export async function findSource(text: string, own: RunDetails): Promise<Source> {
  if (hasFile(own, text)) return { run: own, file: text };
  const [id, ...rest] = text.split('/');
  const run = await host.call((api) => api.runs.get({ run: id! }));
  const file = rest.length === 0 ? undefined : rest.join('/');
  if (file !== undefined && !hasFile(run, file))
    throw new InputError('unknown-checkpoint', `run ${run.id} has no checkpoint "${file}" any more`);
  return { run, file };
}

export function nameOfRun({ id, name, spec: { variant, seed } }: RunDetails): string {
  return `${name || `${variant} · seed ${seed}`} (${id.slice(0, 15)})`;
}

export function nameOfSource({ run, file }: Source, own: string): string {
  const episodes = keptOf(run).find((each) => each.file === file)?.episodes;
  const after = episodes === undefined ? '' : ` after ${formatCount(episodes)} episodes`;
  return `${run.id === own ? 'this run' : nameOfRun(run)}${after}`;
}

/** Opens episodes of sources; one inspection a run, so that its weights are read once. */
export class SourceEpisodes {
  #inspection: Inspection | undefined;

  /** Undefined: another question came after this one. @throws what the host met. */
  async open({ run, file }: Source, wanted: Omit<Wanted, 'file' | 'ablation'>): Promise<OpenEpisode | undefined> {
    if (this.#inspection?.run !== run.id) this.#inspection = new Inspection(run.id);
    const inspection = this.#inspection;
    await inspection.show({ ...wanted, ablation: {}, ...(file === undefined ? {} : { file }) });
    if (inspection !== this.#inspection) return undefined;
    if (inspection.problem !== undefined) throw inspection.problem;
    return inspection.episode;
  }
}
