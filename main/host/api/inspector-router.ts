/** Procedures that look inside runs. */
import { InputError } from '../../../core/contract/errors.ts';
import type { Ablation } from '../../../core/contract/ablation.ts';
import type { InspectedRun } from '../inspector/inspector.ts';
import type { Lab } from '../lab.ts';
import { listCheckpoints } from '../store/checkpoints.ts';
import { readRun } from '../store/runs.ts';
import { findId, pathsOf, type ApiContext, type Implementer } from './context.ts';

export function createInspectorRouter(os: Implementer['inspector'], { lab }: ApiContext) {
  return {
    episode: os.episode.handler(({ input: { seed, ...question } }) => {
      const { run, file, ablation } = find(lab, question);
      return lab.inspector.ask(run, file, ablation, { what: 'episode', seed });
    }),
    score: os.score.handler(({ input: { episodes, ...question } }) => {
      const { run, file, ablation } = find(lab, question);
      return lab.inspector.ask(run, file, ablation, { what: 'score', episodes });
    }),
    gallery: os.gallery.handler(({ input: { episodes, ...question } }) => {
      const { run, file, ablation } = find(lab, question);
      return lab.inspector.ask(run, file, ablation, { what: 'gallery', episodes });
    }),
  };
}

interface Question {
  readonly run: string;
  readonly file?: string;
  readonly ablation?: Ablation;
}

/** @throws InputError `unknown-run`, `no-checkpoint`, `unknown-checkpoint`. */
function find(lab: Lab, { run, file, ablation = {} }: Question): { run: InspectedRun; file: string; ablation: Ablation } {
  const id = findId(lab, run);
  const there = listCheckpoints(lab.stores.lab, id).filter(({ removed }) => !removed);
  const checkpoint = file === undefined ? there.at(-1) : there.find((each) => each.file === file);
  if (there.length === 0) throw new InputError('no-checkpoint', `run ${id} has no checkpoint yet`);
  if (checkpoint === undefined) throw new InputError('unknown-checkpoint', `run ${id} has no checkpoint "${file}"`);
  const { spec } = readRun(lab.stores.lab, id)!;
  return { run: { id, folder: pathsOf(lab, id).folder, spec }, file: checkpoint.file, ablation };
}
