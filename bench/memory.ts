/** Whether a long training holds its memory: many iterations, resident memory flat, as many live tensors after each as before. */
import { createRunSpec } from '../core/experiments/create-run-spec.ts';
import { createTraining } from '../core/training/create-training.ts';
import { formatBytes } from '../main/cli/format.ts';
import { openBackend } from './open-backend.ts';
import { readOptions } from './options.ts';
import { createSyntheticImages } from './synthetic-images.ts';

const tolerance = 0.05;
/** Share of the iterations before the first that counts: pools and caches fill. */
const warmUp = 0.1;

const options = readOptions(process.argv.slice(2));
const { iterations } = options;
const batch = options.batches?.[0] ?? 1;
const job = { backend: options.backends?.[0] ?? 'tensorflow', precision: options.precisions?.[0] ?? 'float32' } as const;

const backend = await openBackend(job);
const spec = createRunSpec({ experiment: 'images', batch, ...job });
const training = await createTraining(spec, { kind: 'images', dataset: createSyntheticImages() }, backend);

// Draws the weights, which live from then on.
await training.weights();
const resident: number[] = [];
let leaking = 0;
for (let iteration = 0; iteration < iterations; iteration++) {
  const before = training.liveTensors();
  await training.step(batch);
  if (training.liveTensors() !== before) leaking++;
  resident.push(process.memoryUsage.rss());
}

const settled = resident.slice(Math.floor(iterations * warmUp));
const tenth = Math.max(1, Math.floor(settled.length / 10));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const [first, last] = [mean(settled.slice(0, tenth)), mean(settled.slice(-tenth))];
const lowest = Math.min(...settled);
const highest = Math.max(...settled);
const isFlat = Math.abs(last / first - 1) <= tolerance;
const result = {
  ...job,
  batch,
  iterations,
  residentBytes: { first, last, lowest, highest, peak: process.resourceUsage().maxRSS * 1024 },
  change: last / first - 1,
  isFlat,
  liveTensors: training.liveTensors(),
  leakingIterations: leaking,
  passed: isFlat && leaking === 0,
};
if (options.json) console.log(JSON.stringify(result));
else {
  const percent = (100 * result.change).toFixed(1);
  console.log(`${job.backend}, ${job.precision}, batch ${batch}, ${iterations} iterations`);
  console.log(
    `resident memory: ${formatBytes(first)} at first, ${formatBytes(last)} at last (${percent} %), ${formatBytes(lowest)} to ${formatBytes(highest)}`,
  );
  console.log(
    `live tensors: ${result.liveTensors}; ${leaking === 0 ? 'equal before and after every iteration' : `${leaking} iterations kept some`}`,
  );
  console.log(result.passed ? 'passed' : 'failed');
}
process.exit(result.passed ? 0 : 1);
