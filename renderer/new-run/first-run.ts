/** The run of the first start: the images experiment, small enough that its curve falls within ten seconds on two cores. */
import type { RunSummary } from '../../core/contract/api/runs.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import { FailureError } from '../../core/contract/errors.ts';
import { host } from '../host.svelte.ts';

/** What differs from the preset; batches of eight make the curve smooth enough to be read from its first seconds. */
const firstRun = {
  batch: 8,
  episodes: 24_000,
  parameters: {
    imageSize: 16,
    presentationSteps: 5,
    learningRate: 0.001,
    evaluationEvery: 250,
    checkpointEvery: 250,
    evaluationEpisodes: 40,
  },
} as const;

/**
 * Starts it and says which it is.
 * @throws EngramError as the host meant it.
 */
export async function startFirstRun(): Promise<RunSummary> {
  const experiments = await host.call((api) => api.experiments.list());
  const preset = experiments.find(({ name }) => name === 'images')?.preset;
  if (preset === undefined) throw new FailureError('experiment-missing', 'this lab has no experiment "images"');
  const spec: RunSpec = { ...preset, ...firstRun, parameters: { ...preset.parameters, ...firstRun.parameters } };
  const [run] = await host.call((api) => api.runs.create({ specs: [spec], name: 'First run' }));
  if (run === undefined) throw new FailureError('run-missing', 'the lab host made no run');
  return run;
}
