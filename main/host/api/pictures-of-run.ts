/** Which evaluations of a run have a picture, by the files in its folder. */
import type { RunDetails } from '../../../core/contract/api/runs.ts';
import { listPictures } from '../../run-folder/pictures.ts';
import type { RunPaths } from '../../run-folder/run-paths.ts';

/** Of those that count: what a run that went back had drawn of later iterations is left out until it comes there again. */
export function picturesOf({ pictures }: Pick<RunPaths, 'pictures'>, evaluations: RunDetails['evaluations']): RunDetails['pictures'] {
  const byIteration = new Map(evaluations.map((evaluation) => [evaluation.iteration, evaluation]));
  return listPictures(pictures).flatMap(({ iteration, file }) => {
    const evaluation = byIteration.get(iteration);
    if (evaluation === undefined) return [];
    const { episodes, score, evaluatedAtMs } = evaluation;
    return [{ iteration, episodes, score, file, drawnAtMs: evaluatedAtMs }];
  });
}
