/** What a run would take in time, memory and disk, before anybody starts it. */
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { Estimate } from '../../../core/contract/api/experiments.ts';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import type { EpisodeEstimate } from '../../../core/training/estimate.ts';
import { askExtension } from '../../extensions/ask-extension.ts';
import type { LabDatabase } from '../store/open-stores.ts';
import { listRuns, type RunRow } from '../store/runs.ts';
import type { Examination } from './examine-backends.ts';

/** What a process takes that has loaded a backend and nothing else. */
const processBytes = { tensorflow: 420e6, webgpu: 350e6, wasm: 240e6, cpu: 200e6 } as const;
/** A journal's record of an iteration, and its place in the databases. */
const iterationBytes = 420;
const fewestEpisodes = 20;
/** What an iteration reaches of the speed of a single large product: between a fifth and a half, docs/performance.md. */
const shareOfProduct = 0.3;

/** @throws InputError for a spec whose parameters contradict each other. */
export async function estimateRun(
  lab: LabDatabase,
  spec: RunSpec,
  examined: Examination | undefined,
  extensionsFolder: string,
): Promise<Estimate> {
  const planned = spec.extensions === undefined ? plan(spec) : planExtended(spec, extensionsFolder);
  const { arrayBytes, episodeBytes, checkpointBytes, ...episode } = await planned;
  const iterations = Math.ceil(spec.episodes / spec.batch);
  const fullCheckpoints = 2;
  return {
    ...episode,
    protocol: [...episode.protocol],
    memoryBytes: arrayBytes + processBytes[spec.backend === 'auto' ? 'tensorflow' : spec.backend],
    memoryPerEpisodeBytes: episodeBytes,
    diskBytes: fullCheckpoints * checkpointBytes + iterations * iterationBytes,
    diskPerIterationBytes: iterationBytes,
    ...(estimateTime(lab, spec) ?? guessTime(episode.flops * iterations, spec, examined)),
  };
}

function plan(spec: RunSpec): Promise<EpisodeEstimate> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('../workers/estimate-worker.ts', import.meta.url), { workerData: spec });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** The user's code never runs within the host. */
async function planExtended(spec: RunSpec, folder: string): Promise<EpisodeEstimate> {
  const answer = await askExtension({ job: 'estimate', folder, spec });
  return episodeEstimateSchema.parse('result' in answer ? answer.result : undefined);
}

const episodeEstimateSchema: z.ZodType<EpisodeEstimate> = z.strictObject({
  neurons: z.int(),
  parameters: z.int(),
  steps: z.int(),
  protocol: z.array(z.strictObject({ label: z.string(), steps: z.int() })),
  form: z.string(),
  flops: z.number(),
  arrayBytes: z.number(),
  episodeBytes: z.number(),
  checkpointBytes: z.number(),
});

type TimeEstimate = Pick<Estimate, 'seconds' | 'basis'>;

/** From the newest run of the same work on this machine. */
function estimateTime(lab: LabDatabase, spec: RunSpec): TimeEstimate | undefined {
  const { runs } = listRuns(lab, {
    experiment: [spec.experiment],
    variant: [spec.variant],
    sort: [{ by: 'createdAt', descending: true }],
    limit: 500,
  });
  const alike = runs.find((run) => isAlike(run, spec));
  if (alike === undefined || alike.episodesPerSecond === null) return undefined;
  return {
    seconds: spec.episodes / alike.episodesPerSecond,
    basis: `run ${alike.id} made ${alike.episodesPerSecond.toPrecision(3)} episodes/s`,
  };
}

/** From the speed of the backend's matrix product; `auto` takes the first that works. */
function guessTime(flops: number, { backend }: RunSpec, examined: Examination | undefined): TimeEstimate {
  const report = examined?.reports.find(({ name, works }) => works && (backend === 'auto' || backend === name));
  if (report?.gigaflops === undefined) return { seconds: null, basis: 'no such run was measured on this machine yet' };
  const speed = report.gigaflops.toPrecision(2);
  return {
    seconds: flops / (report.gigaflops * 1e9 * shareOfProduct),
    basis: `a guess: the matrix product of ${report.name} makes ${speed} GFLOP/s here, and no such run was measured yet`,
  };
}

/** What does not change how long an episode takes may differ. */
const free = /^(initial|learningRate|adam|gradientClip|evaluation|checkpoint)/;

function isAlike({ spec, backend, episodes, episodesPerSecond }: RunRow, wanted: RunSpec): boolean {
  if (episodesPerSecond === null || episodes < fewestEpisodes || spec.batch !== wanted.batch || spec.precision !== wanted.precision)
    return false;
  if (wanted.backend !== 'auto' && backend !== wanted.backend) return false;
  const code = ({ extensions = [] }: RunSpec) => extensions.map(({ sha256 }) => sha256).join();
  if (code(spec) !== code(wanted)) return false;
  return Object.entries(wanted.parameters).every(([name, value]) => free.test(name) || spec.parameters[name] === value);
}
