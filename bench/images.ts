/** The main measurement: the image episode in all forms, in one run. */
import { fileURLToPath } from 'node:url';
import { FailureError } from '../core/contract/errors.ts';
import { trainerEnvironment } from '../main/trainer/environment.ts';
import { ownContenders, pytorchContender, type Contender } from './contenders.ts';
import { describeMachine } from './machine.ts';
import { preparePyTorch, startPyTorch } from './pytorch.ts';
import { measureInRounds, type Measurement, type RoundsResult } from './rounds.ts';
import { createRows } from './table.ts';
import { startWorker, type Worker } from './worker-client.ts';
import type { BenchOptions } from './options.ts';
import type { Results } from './report.ts';

const ownWorker = fileURLToPath(new URL('own-worker.ts', import.meta.url));
/** Waiting processes that take more than this share of a core falsify what is measured meanwhile. */
const tolerableLoad = 0.03;

/** @throws FailureError `bench-empty` when nothing could be measured. */
export async function benchImages(options: BenchOptions, report: (line: string) => void): Promise<Results> {
  const machine = describeMachine();
  const pytorch = options.pytorch ? await preparePyTorch(report) : { absent: 'left out as asked' };
  const python = 'python' in pytorch ? pytorch.python : undefined;
  const start = ({ name, job }: Contender): Promise<Worker> =>
    job === undefined
      ? startPyTorch(python!)
      : startWorker(name, process.execPath, [ownWorker, JSON.stringify(job)], trainerEnvironment(job.precision));

  const contenders = [...(python === undefined ? [] : [pytorchContender]), ...ownContenders(options, machine)];
  const result = await measureInRounds(contenders, { ...options, start, report });
  if (result.measurements.length === 0) throw new FailureError('bench-empty', `nothing could be measured (${result.absent.join('; ')})`);
  return {
    atMs: Date.now(),
    machine,
    software: softwareOf(result.measurements),
    rounds: options.rounds,
    rows: createRows(result.measurements),
    remarks: remarksOn(result, 'absent' in pytorch ? pytorch.absent : undefined),
  };
}

function softwareOf(measurements: readonly Measurement[]): string[] {
  const devices = measurements.flatMap(({ contender: { job }, ready }) =>
    job === undefined ? [`PyTorch ${ready.version ?? ''} with ${ready.threads ?? '?'} threads`] : (ready.device ?? []),
  );
  return [...new Set(devices)];
}

function remarksOn({ measurements, idleLoad, absent }: RoundsResult, withoutPytorch: string | undefined): string[] {
  const product = measurements.find(({ contender }) => contender.job === undefined)?.products;
  return [
    ...(withoutPytorch === undefined ? [] : [`Without PyTorch, and so without ratios: ${withoutPytorch}.`]),
    ...absent.map((reason) => `Not measured: ${reason}.`),
    ...(idleLoad !== undefined && idleLoad > tolerableLoad
      ? [`Waiting processes took up to ${(idleLoad * 100).toFixed(0)} % of a core while another was measured.`]
      : []),
    ...(product === undefined
      ? []
      : [`PyTorch's own product speed moved between ${Math.min(...product).toFixed(0)} and ${Math.max(...product).toFixed(0)} GFLOP/s.`]),
  ];
}
