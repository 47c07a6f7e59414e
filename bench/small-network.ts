/** The network part of the maze alone, forward and backward: the fused kernel on one thread and on two, beside dense PyTorch, in turns. */
import { rmSync } from 'node:fs';
import { FailureError } from '../core/contract/errors.ts';
import { formatTable } from '../main/cli/format.ts';
import { describeConditions, describeMachine } from './machine.ts';
import { readOptions } from './options.ts';
import { preparePyTorch, startPyTorch } from './pytorch.ts';
import { readSmallJob, smallOptions, smallSampleSchema, writeSmallJob, type SmallSample } from './small-job.ts';
import { startSmallThreads } from './small-threads.ts';
import { median } from './statistics.ts';

const options = readOptions(process.argv.slice(2));
const batches = options.batches ?? [30, 1];
const { neurons, steps } = smallOptions;
const iterationsOfPyTorch = 2;
/** How far the contenders' losses and gradients may be apart, relatively: single precision over some hundred steps. */
const agreement = 1e-3;
const say = (line: string) => process.stderr.write(`${line}\n`);

interface Contender {
  readonly name: string;
  /** Another round of measurement. */
  measure(): Promise<SmallSample[]>;
  close(): Promise<void>;
  /** Mean seconds of an iteration, one number a round. */
  readonly rounds: number[];
}

interface Figures {
  readonly batch: number;
  readonly contenders: readonly Pick<Contender, 'name' | 'rounds'>[];
}

const pytorch = options.pytorch ? await preparePyTorch(say) : { absent: 'not asked for' };
const results: Figures[] = [];
for (const batch of batches) results.push(await measureBatch(batch));
report();

async function measureBatch(batch: number): Promise<Figures> {
  const { folder, file } = writeSmallJob(batch);
  const contenders: Contender[] = [];
  try {
    if ('python' in pytorch) contenders.push(await theirs(pytorch.python, file, batch));
    for (const threads of batch > 1 ? [1, 2] : [1]) contenders.push(ours(file, batch, threads));
    const first: SmallSample[] = [];
    for (const contender of contenders) first.push((await contender.measure())[0]!);
    requireAgreement(contenders, first);
    for (let round = 1; round <= options.rounds; round++) {
      say(`batch ${batch}, round ${round} of ${options.rounds}`);
      for (const contender of contenders) contender.rounds.push(meanSeconds(await contender.measure()));
    }
  } finally {
    for (const contender of contenders) await contender.close();
    rmSync(folder, { recursive: true });
  }
  return { batch, contenders: contenders.map(({ name, rounds }) => ({ name, rounds })) };
}

async function theirs(python: string, file: string, batch: number): Promise<Contender> {
  const { eta } = readSmallJob(file).weights;
  const worker = await startPyTorch(python, 'dense-pytorch-small.py', [file, ...[neurons, steps, batch, eta].map(String)]);
  const measure = async () => (await worker.run(iterationsOfPyTorch)).map((sample) => smallSampleSchema.parse(sample));
  return { name: `dense PyTorch, ${worker.ready.threads ?? '?'} threads`, measure, close: worker.close, rounds: [] };
}

function ours(file: string, batch: number, count: number): Contender {
  const threads = startSmallThreads(file, batch, count);
  const measure = async () => {
    const samples: SmallSample[] = [];
    const startedMs = performance.now();
    while (samples.length === 0 || performance.now() - startedMs < 1000 * options.seconds) samples.push(await threads.iterate());
    return samples;
  };
  return { name: count === 1 ? 'fused kernel, one thread' : `fused kernel, ${count} threads`, measure, close: threads.close, rounds: [] };
}

function meanSeconds(samples: readonly SmallSample[]): number {
  return samples.reduce((sum, { seconds }) => sum + seconds, 0) / samples.length;
}

/** @throws FailureError `bench-contenders-differ`: a comparison of speed means nothing where not the same is computed. */
function requireAgreement(contenders: readonly Contender[], samples: readonly SmallSample[]): void {
  const expected = samples.at(-1)!;
  for (const [index, sample] of samples.entries()) {
    for (const kind of ['loss', 'gradientNorm'] as const) {
      if (Math.abs(sample[kind] - expected[kind]) <= agreement * Math.abs(expected[kind])) continue;
      const [one, other] = [contenders[index]!.name, contenders.at(-1)!.name];
      throw new FailureError('bench-contenders-differ', `${kind}: ${one} computes ${sample[kind]}, ${other} ${expected[kind]}`);
    }
  }
}

function report(): void {
  const machine = describeMachine();
  if (options.json) {
    console.log(JSON.stringify({ machine, neurons, steps, results }));
    return;
  }
  const theirsFirst = 'python' in pytorch;
  const rows = results.flatMap(({ batch, contenders }) =>
    contenders.map(({ name, rounds }, index) => {
      const ratios = rounds.map((seconds, round) => contenders[0]!.rounds[round]! / seconds);
      return [
        String(batch),
        name,
        `${(1000 * median(rounds)).toPrecision(3)} ms`,
        Math.round((batch * steps) / median(rounds)).toLocaleString('en'),
        theirsFirst && index > 0
          ? `${median(ratios).toPrecision(3)} (${Math.min(...ratios).toPrecision(3)} to ${Math.max(...ratios).toPrecision(3)})`
          : '–',
      ];
    }),
  );
  console.log(`${describeConditions(machine)}; ${neurons} neurons, ${steps} steps`);
  if ('absent' in pytorch) console.log(`without PyTorch: ${pytorch.absent}`);
  formatTable([['batch', '', 'an iteration', 'environment steps / s', '× dense PyTorch'], ...rows]).forEach((line) => console.log(line));
}
