/** Training on characters, all of it: episodes, network, Adam; at several batches, beside the same in dense PyTorch at batch 1, in turns. */
import { generateCharacters } from '../core/data/generated-characters.ts';
import { createRunSpec } from '../core/experiments/create-run-spec.ts';
import { createTraining } from '../core/training/create-training.ts';
import type { Training } from '../core/training/training.ts';
import { formatTable } from '../main/cli/format.ts';
import { describeConditions, describeMachine } from './machine.ts';
import { openBackend } from './open-backend.ts';
import { readOptions } from './options.ts';
import { preparePyTorch, startPyTorch } from './pytorch.ts';
import { median } from './statistics.ts';
import type { Worker } from './worker-client.ts';

/** Enough to draw from, and few enough to be drawn within a second. */
const characters = generateCharacters().slice(0, 100);
const options = readOptions(process.argv.slice(2));
const job = { backend: options.backends?.[0] ?? 'tensorflow', precision: options.precisions?.[0] ?? 'float32' } as const;
const batches = options.batches ?? [1, 16, 32, 128];
const episodesOfPyTorch = 100;
const say = (line: string) => process.stderr.write(`${line}\n`);

interface Contender {
  readonly name: string;
  /** Of ours: episodes an iteration. */
  readonly batch: number;
  /** Seconds an episode of another round of measurement. */
  measure(): Promise<number>;
  close(): Promise<void> | void;
  /** Seconds an episode, one number a round. */
  readonly rounds: number[];
}

const pytorch = options.pytorch ? await preparePyTorch(say) : { absent: 'not asked for' };
const backend = await openBackend(job);
const contenders: Contender[] = [];
if ('python' in pytorch) {
  contenders.push(await theirs(pytorch.python, 'dense PyTorch, a step an image', []));
  contenders.push(await theirs(pytorch.python, 'dense PyTorch, an episode’s images together', ['together']));
}
for (const batch of batches) contenders.push(await ours(batch));

for (let round = 1; round <= options.rounds; round++) {
  for (const contender of contenders) {
    contender.rounds.push(await contender.measure());
    say(`round ${round} of ${options.rounds}: ${contender.name}: ${(1000 * contender.rounds.at(-1)!).toPrecision(3)} ms an episode`);
  }
}
for (const contender of contenders) await contender.close();
report();
// Native libraries may keep threads that would hold the process: leave explicitly.
process.exit(0);

async function theirs(python: string, name: string, args: readonly string[]): Promise<Contender> {
  const worker: Worker = await startPyTorch(python, 'dense-pytorch-omniglot.py', args);
  await worker.run(episodesOfPyTorch);
  const measure = async () => {
    const samples = await worker.run(episodesOfPyTorch);
    return samples.reduce((sum, { seconds }) => sum + seconds, 0) / samples.length;
  };
  return { name, batch: 1, measure, close: worker.close, rounds: [] };
}

async function ours(batch: number): Promise<Contender> {
  const dataset = { name: 'characters', format: 'characters' as const, sha256: '', note: '', characters };
  const spec = createRunSpec({ experiment: 'omniglot', batch, ...job });
  const training = await createTraining(spec, { kind: 'characters', dataset }, backend);
  // Until every drawing is in memory, and the libraries have chosen their kernels.
  for (let episodes = 0; episodes < 2000; episodes += batch) await training.step(batch);
  return { name: `ours, batch ${batch}`, batch, measure: () => measureOurs(training, batch), close: training.dispose, rounds: [] };
}

async function measureOurs(training: Training, batch: number): Promise<number> {
  const startedMs = performance.now();
  let episodes = 0;
  for (; performance.now() - startedMs < 1000 * options.seconds; episodes += batch) await training.step(batch);
  return (performance.now() - startedMs) / 1000 / episodes;
}

function report(): void {
  const machine = describeMachine();
  const [first] = contenders;
  const rows = contenders.map((contender) => {
    const ratios = contender.rounds.map((seconds, round) => first!.rounds[round]! / seconds);
    return {
      name: contender.name,
      batch: contender.batch,
      secondsAnEpisode: median(contender.rounds),
      ...('python' in pytorch ? { ratio: { minimum: Math.min(...ratios), median: median(ratios), maximum: Math.max(...ratios) } } : {}),
    };
  });
  if (options.json) {
    console.log(JSON.stringify({ machine, device: backend.device, precision: job.precision, rows }));
    return;
  }
  console.log(`${describeConditions(machine)}; ours on ${backend.device}`);
  if ('absent' in pytorch) console.log(`without PyTorch: ${pytorch.absent}`);
  const lines = rows.map(({ name, secondsAnEpisode, ratio }) => [
    name,
    `${(1000 * secondsAnEpisode).toPrecision(3)} ms`,
    Math.round(1 / secondsAnEpisode).toLocaleString('en'),
    ratio === undefined ? '–' : `${ratio.median.toPrecision(3)} (${ratio.minimum.toPrecision(3)} to ${ratio.maximum.toPrecision(3)})`,
  ]);
  formatTable([['', 'an episode', 'episodes / s', '× dense PyTorch'], ...lines]).forEach((line) => console.log(line));
}
