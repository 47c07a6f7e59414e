/** How well a checkpoint does on held-out episodes, found out by a trainer process of its own. */
import type { Job } from '../../../core/contract/api/lab.ts';
import { FailureError, InputError } from '../../../core/contract/errors.ts';
import { scoreInterval } from '../../../core/contract/score-interval.ts';
import { experimentOf } from '../../../core/experiments/index.ts';
import { formatValue } from '../../../core/experiments/reference.ts';
import { askTrainer } from '../../trainer/start-trainer.ts';
import { pathsOf } from '../api/context.ts';
import type { Lab } from '../lab.ts';
import { listCheckpoints } from '../store/checkpoints.ts';
import { addHappening } from '../store/happenings.ts';
import { mirrorAbout } from '../store/about-mirror.ts';
import { putEvaluation } from '../store/evaluations.ts';
import { readRun } from '../store/runs.ts';

export interface EvaluationRequest {
  /** A whole id. */
  readonly id: string;
  /** As the journal names it; the newest checkpoint without. */
  readonly file?: string;
  readonly episodes?: number;
}

/** The job's result: iteration, held-out episodes, loss, score. @throws InputError `no-checkpoint`, `unknown-checkpoint`. */
export function startEvaluation(lab: Lab, { id, file, episodes }: EvaluationRequest): Job {
  const full = listCheckpoints(lab.stores.lab, id).filter(({ kind, removed }) => kind === 'full' && !removed);
  const checkpoint = file === undefined ? full.at(-1) : full.find((each) => each.file === file);
  if (full.length === 0) throw new InputError('no-checkpoint', `run ${id} has no checkpoint yet`);
  if (checkpoint === undefined) throw new InputError('unknown-checkpoint', `run ${id} has no full checkpoint "${file}"`);
  const { spec } = readRun(lab.stores.lab, id)!;
  const experiment = experimentOf(spec);
  const { folder } = pathsOf(lab, id);
  return lab.jobs.start('evaluate', `evaluation of ${id} at iteration ${checkpoint.iteration}`, async ({ signal, report }) => {
    report('evaluating', 0, 0);
    const job = { job: 'evaluate', folder, file: checkpoint.file, ...(episodes === undefined ? {} : { episodes }) } as const;
    const { iteration, evaluation } = await askTrainer(job, { entry: lab.trainerEntry, precision: spec.precision, batch: 1 }, signal);
    if (evaluation === undefined) throw new FailureError('no-evaluation', `the evaluation of run ${id} gave no result`);
    const { episodes: heldOutEpisodes, loss, score } = evaluation;
    lab.stores.lab.transaction(() => {
      const found = { iteration, episodes: checkpoint.episodes, heldOutEpisodes, loss, score, evaluatedAtMs: Date.now() };
      putEvaluation(lab.stores.lab, id, found, 'person');
      mirrorAbout(lab.stores.lab, id);
      const result = `loss ${formatValue(experiment, 'loss', loss)}, ${experiment.score.label} ${formatValue(experiment, 'score', score)}`;
      const interval = scoreInterval(experiment.score, { score, heldOutEpisodes })?.map((end) => formatValue(experiment, 'score', end));
      const sure = interval === undefined ? '' : ` (95 % interval ${interval.join(' to ')})`;
      const message = `iteration ${iteration}, ${heldOutEpisodes} held-out episodes: ${result}${sure}`;
      addHappening(lab.stores.lab, id, { source: 'person', level: 'info', name: 'evaluated', message });
    });
    lab.changes.changed(id);
    return [iteration, heldOutEpisodes, loss, score].map(String);
  });
}
