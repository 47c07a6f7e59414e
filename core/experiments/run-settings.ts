/** What a run of any experiment does beside training. */
import type { RunSpec } from '../contract/run-spec.ts';
import type { RunSettings } from './common-parameters.ts';
import { experimentOf } from './index.ts';
import { readParameters } from './read-parameters.ts';

/** @throws InputError as `readParameters`. */
export function readRunSettings(spec: RunSpec): RunSettings {
  const { evaluationEpisodes, evaluationEvery, checkpointEvery } = readParameters(
    experimentOf(spec).parameters,
    spec.parameters,
  ) as Partial<RunSettings>;
  if (evaluationEpisodes === undefined || evaluationEvery === undefined || checkpointEvery === undefined)
    throw new Error(`the experiment ${spec.experiment} lacks the parameters of its run`);
  return { evaluationEpisodes, evaluationEvery, checkpointEvery };
}
