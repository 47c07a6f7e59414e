/** What a run would take in time, memory and disk, before anybody starts it. */
import { Worker } from 'node:worker_threads';
import type { Estimate } from '../../../core/contract/api/experiments.ts';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import type { EpisodeEstimate } from '../../../core/plasticity/estimate.ts';
import type { LabDatabase } from '../store/open-stores.ts';
import { listRuns, type RunRow } from '../store/runs.ts';

/** What a process takes that has loaded a backend and nothing else. */
const processBytes = { tensorflow: 420e6, webgpu: 350e6, wasm: 240e6, cpu: 200e6 } as const;
/** A journal's record of an iteration, and its place in the databases. */
const iterationBytes = 420;
const fewestEpisodes = 20;

/** @throws InputError for a spec whose parameters contradict each other. */
export async function estimateRun(lab: LabDatabase, spec: RunSpec): Promise<Estimate> {
  const { arrayBytes, checkpointBytes, ...episode } = await plan(spec);
  const iterations = Math.ceil(spec.episodes / spec.batch);
  const fullCheckpoints = 2;
  return {
    ...episode,
    protocol: [...episode.protocol],
    memoryBytes: arrayBytes + processBytes[spec.backend === 'auto' ? 'tensorflow' : spec.backend],
    diskBytes: fullCheckpoints * checkpointBytes + iterations * iterationBytes,
    ...estimateTime(lab, spec),
  };
}

function plan(spec: RunSpec): Promise<EpisodeEstimate> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('../workers/estimate-worker.ts', import.meta.url), { workerData: spec });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** From the newest run of the same work on this machine. */
function estimateTime(lab: LabDatabase, spec: RunSpec): Pick<Estimate, 'seconds' | 'basis'> {
  const { runs } = listRuns(lab, {
    experiment: [spec.experiment],
    variant: [spec.variant],
    sort: [{ by: 'createdAt', descending: true }],
    limit: 500,
  });
  const alike = runs.find((run) => isAlike(run, spec));
  if (alike === undefined || alike.episodesPerSecond === null)
    return { seconds: null, basis: 'no such run was measured on this machine yet' };
  return {
    seconds: spec.episodes / alike.episodesPerSecond,
    basis: `run ${alike.id} made ${alike.episodesPerSecond.toPrecision(3)} episodes/s`,
  };
}

/** What does not change how long an episode takes may differ. */
const free = /^(initial|learningRate|adam|gradientClip|evaluation|checkpoint)/;

function isAlike({ spec, backend, episodes, episodesPerSecond }: RunRow, wanted: RunSpec): boolean {
  if (episodesPerSecond === null || episodes < fewestEpisodes || spec.batch !== wanted.batch || spec.precision !== wanted.precision)
    return false;
  if (wanted.backend !== 'auto' && backend !== wanted.backend) return false;
  return Object.entries(wanted.parameters).every(([name, value]) => free.test(name) || spec.parameters[name] === value);
}
