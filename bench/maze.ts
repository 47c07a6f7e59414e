/** Training in the maze, all of it: environment, network, actor-critic, Adam; beside the same in dense PyTorch, in turns. */
import { readMazeParameters } from '../core/experiments/maze.ts';
import { createRunSpec } from '../core/experiments/create-run-spec.ts';
import { createMazeTraining } from '../core/training/maze-training.ts';
import { formatTable } from '../main/cli/format.ts';
import { agentThreads } from '../main/trainer/agent-threads.ts';
import { describeConditions, describeMachine } from './machine.ts';
import { readOptions } from './options.ts';
import { preparePyTorch, startPyTorch } from './pytorch.ts';
import { median } from './statistics.ts';
import type { Worker } from './worker-client.ts';

const options = readOptions(process.argv.slice(2));
const batches = options.batches ?? [30, 1];
const parameters = readMazeParameters({});
const iterationsOfPyTorch = 2;
const say = (line: string) => process.stderr.write(`${line}\n`);

interface Figures {
  readonly batch: number;
  /** Seconds of an iteration, one number a round. */
  readonly ours: readonly number[];
  readonly pytorch: readonly number[];
}

const pytorch = options.pytorch ? await preparePyTorch(say) : { absent: 'not asked for' };
const results: Figures[] = [];
for (const batch of batches) results.push(await measure(batch));
report(results);

async function measure(batch: number): Promise<Figures> {
  // As many threads as a run has: PyTorch uses all cores, too.
  const training = createMazeTraining(parameters, 'free', 1, agentThreads(createRunSpec({ experiment: 'maze' })));
  const other = 'python' in pytorch ? await startPyTorch(pytorch.python, 'dense-pytorch-maze.py', [String(batch)]) : undefined;
  const figures = { batch, ours: [] as number[], pytorch: [] as number[] };
  try {
    await training.step(batch);
    await other?.run(1);
    for (let round = 1; round <= options.rounds; round++) {
      say(`batch ${batch}, round ${round} of ${options.rounds}`);
      if (other !== undefined) figures.pytorch.push(await secondsOf(other));
      const startedMs = performance.now();
      let iterations = 0;
      for (; performance.now() - startedMs < 1000 * options.seconds; iterations++) await training.step(batch);
      figures.ours.push((performance.now() - startedMs) / 1000 / iterations);
    }
  } finally {
    training.dispose();
    await other?.close();
  }
  return figures;
}

async function secondsOf(worker: Worker): Promise<number> {
  const samples = await worker.run(iterationsOfPyTorch);
  return samples.reduce((sum, { seconds }) => sum + seconds, 0) / samples.length;
}

function report(all: readonly Figures[]): void {
  const machine = describeMachine();
  if (options.json) {
    console.log(JSON.stringify({ machine, results: all }));
    return;
  }
  const rows = all.map(({ batch, ours, pytorch: theirs }) => {
    const ratios = theirs.map((seconds, round) => seconds / ours[round]!);
    return [
      String(batch),
      `${(1000 * median(ours)).toPrecision(3)} ms`,
      Math.round((batch * parameters.episodeSteps) / median(ours)).toLocaleString('en'),
      theirs.length === 0 ? '–' : `${(1000 * median(theirs)).toPrecision(3)} ms`,
      ratios.length === 0
        ? '–'
        : `${median(ratios).toPrecision(3)} (${Math.min(...ratios).toPrecision(3)} to ${Math.max(...ratios).toPrecision(3)})`,
      batch === 30 ? '≥ 8' : batch === 1 ? '≥ 25' : '–',
    ];
  });
  console.log(describeConditions(machine));
  if ('absent' in pytorch) console.log(`without PyTorch: ${pytorch.absent}`);
  formatTable([['batch', 'an iteration', 'environment steps / s', 'dense PyTorch', '× dense PyTorch', 'target'], ...rows]).forEach((line) =>
    console.log(line),
  );
}
