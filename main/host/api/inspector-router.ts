/** Procedures that look inside runs. */
import { isAbsolute } from 'node:path';
import { InputError } from '../../../core/contract/errors.ts';
import type { Ablation } from '../../../core/contract/ablation.ts';
import type { OwnEpisode } from '../../../core/contract/own-episode.ts';
import { resolveDataset } from '../datasets/of-runs.ts';
import type { InspectedQuestion, InspectedRun } from '../inspector/inspector.ts';
import type { Lab } from '../lab.ts';
import { listCheckpoints, type Checkpoint } from '../store/checkpoints.ts';
import { readRun } from '../store/runs.ts';
import { createTriedRouter } from './tried-router.ts';
import { findId, pathsOf, type ApiContext, type Implementer } from './context.ts';

export function createInspectorRouter(os: Implementer['inspector'], context: ApiContext) {
  const { lab } = context;
  return {
    tried: createTriedRouter(os.tried, context),
    episode: os.episode.handler(({ input: { seed, ...question } }) => {
      const { run, asked } = find(lab, question);
      return lab.inspector.ask(run, asked, { what: 'episode', seed });
    }),
    score: os.score.handler(({ input: { episodes, ...question } }) => {
      const { run, asked } = find(lab, question);
      return lab.inspector.ask(run, asked, { what: 'score', episodes });
    }),
    history: os.history.handler(async ({ input: { run: wanted, files: some, synapses } }) => {
      const { run, asked } = find(lab, { run: wanted });
      const checkpoints = storedCheckpoints(lab, run.id).filter(({ file }) => some?.includes(file) ?? true);
      const files = checkpoints.map(({ file }) => file);
      const found = await lab.inspector.ask(run, asked, { what: 'history', files, synapses });
      return found.checkpoints.map((each, at) => {
        const { file, iteration, episodes } = checkpoints[at]!;
        return { file, iteration, episodes, ...each };
      });
    }),
    gallery: os.gallery.handler(({ input: { episodes, ...question } }) => {
      const { run, asked } = find(lab, question);
      return lab.inspector.ask(run, asked, { what: 'gallery', episodes });
    }),
  };
}

function storedCheckpoints(lab: Lab, id: string): Checkpoint[] {
  return listCheckpoints(lab.stores.lab, id).filter(({ removed }) => !removed);
}

interface Question {
  readonly run: string;
  readonly file?: string;
  readonly ablation?: Ablation;
  readonly dataset?: string;
  readonly weights?: string;
  readonly ownEpisode?: OwnEpisode;
}

/** @throws InputError `unknown-run`, `no-checkpoint`, `unknown-checkpoint`, `unknown-dataset`, `dataset-unsuitable`, `path-relative`. */
function find(
  lab: Lab,
  { run, file, ablation = {}, dataset, weights, ownEpisode }: Question,
): { run: InspectedRun; asked: InspectedQuestion } {
  const id = findId(lab, run);
  const there = storedCheckpoints(lab, id);
  const checkpoint = file === undefined ? there.at(-1) : there.find((each) => each.file === file);
  if (there.length === 0) throw new InputError('no-checkpoint', `run ${id} has no checkpoint yet`);
  if (checkpoint === undefined) throw new InputError('unknown-checkpoint', `run ${id} has no checkpoint "${file}"`);
  if (weights !== undefined && !isAbsolute(weights)) throw new InputError('path-relative', `"${weights}" is not an absolute path`);
  const own = { ...(weights === undefined ? {} : { weights }), ...(ownEpisode === undefined ? {} : { ownEpisode }) };
  const { spec } = readRun(lab.stores.lab, id)!;
  const other = dataset === undefined ? {} : { dataset: resolveDataset(lab.stores.lab, { ...spec, dataset }).dataset ?? null };
  return { run: { id, folder: pathsOf(lab, id).folder, spec }, asked: { file: checkpoint.file, ablation, ...other, ...own } };
}
