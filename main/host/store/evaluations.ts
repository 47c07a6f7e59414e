/** Evaluations of runs: a trainer's are in its journal, too, people's in the run folder beside what else people say. */
import type { Evaluation } from '../../../core/contract/evaluation.ts';
import type { LabDatabase } from './database-types.ts';

export type EvaluationSource = 'trainer' | 'person';

const columns = 'iteration, episodes, held_out_episodes AS heldOutEpisodes, loss, score, evaluated_at_ms AS evaluatedAtMs';
const order = 'ORDER BY iteration, held_out_episodes';

/** Takes the place of an earlier one of the same iteration and as many episodes. */
export function putEvaluation(lab: LabDatabase, run: string, evaluation: Evaluation, source: EvaluationSource): void {
  const { iteration, episodes, heldOutEpisodes, loss, score, evaluatedAtMs } = evaluation;
  lab
    .prepare(
      `INSERT OR REPLACE INTO evaluations (run_id, iteration, episodes, held_out_episodes, loss, score, evaluated_at_ms, source)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(run, iteration, episodes, heldOutEpisodes, loss, score, evaluatedAtMs, source);
}

export function listEvaluations(lab: LabDatabase, run: string): Evaluation[] {
  return lab.prepare<Evaluation>(`SELECT ${columns} FROM evaluations WHERE run_id = ? ${order}`).all(run);
}

export function evaluationsOfPeople(lab: LabDatabase, run: string): Evaluation[] {
  return lab.prepare<Evaluation>(`SELECT ${columns} FROM evaluations WHERE run_id = ? AND source = 'person' ${order}`).all(run);
}

/** Everything that people had evaluated, for a run whose row is taken from its folder. */
export function replaceEvaluationsOfPeople(lab: LabDatabase, run: string, evaluations: readonly Evaluation[]): void {
  lab.prepare("DELETE FROM evaluations WHERE run_id = ? AND source = 'person'").run(run);
  for (const evaluation of evaluations) putEvaluation(lab, run, evaluation, 'person');
}
