/** The main measurement: the image episode in all forms, in one run. */
import { fileURLToPath } from 'node:url';
import { FailureError } from '../core/contract/errors.ts';
import { trainerEnvironment, trainerFlags } from '../main/trainer/environment.ts';
import { ownContenders, pytorchContenders, type Contender } from './contenders.ts';
import { describeMachine } from './machine.ts';
import { preparePyTorch, startPyTorch } from './pytorch.ts';
import { measureInRounds, type Measurement, type RoundsResult } from './rounds.ts';
import { createRows } from './table.ts';
import { median, spread } from './statistics.ts';
import { startWorker, type Worker } from './worker-client.ts';
import type { BenchOptions } from './options.ts';
import type { Results } from './report.ts';

const ownWorker = fileURLToPath(new URL('own-worker.ts', import.meta.url));
/** More than this share of a core, spent by others, falsifies what is measured meanwhile. */
const tolerableLoad = 0.05;

/** @throws FailureError `bench-empty` when nothing could be measured. */
export async function benchImages(options: BenchOptions, report: (line: string) => void): Promise<Results> {
  const machine = describeMachine();
  const pytorch = options.pytorch ? await preparePyTorch(report) : { absent: 'left out as asked' };
  const python = 'python' in pytorch ? pytorch.python : undefined;
  const start = ({ name, job, arguments: args = [] }: Contender): Promise<Worker> =>
    job === undefined
      ? startPyTorch(python!, 'dense-pytorch.py', args)
      : startWorker(name, process.execPath, [...trainerFlags, ownWorker, JSON.stringify(job)], trainerEnvironment(job));

  const contenders = [...(python === undefined ? [] : pytorchContenders), ...ownContenders(options, machine)];
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
    job === undefined ? [`PyTorch ${ready.version ?? ''} on ${ready.device ?? '?'}`] : (ready.device ?? []),
  );
  return [...new Set(devices)];
}

function remarksOn({ measurements, loads, absent }: RoundsResult, withoutPytorch: string | undefined): string[] {
  const products = measurements.flatMap(({ products }) => (products.length > 1 ? [spread(products)] : []));
  const drift = Math.max(0, ...products.map(({ minimum, maximum }) => maximum / minimum - 1));
  return [
    ...(withoutPytorch === undefined ? [] : [`Without PyTorch, and so without ratios: ${withoutPytorch}.`]),
    ...absent.map((reason) => `Not measured: ${reason}.`),
    ...describeLoad(
      loads.map(({ foreign }) => foreign),
      'Other programs',
    ),
    ...describeLoad(
      loads.map(({ waiting }) => waiting),
      'Processes of the bench that only waited',
    ),
    ...(products.length > 0
      ? [`From round to round the speed of one and the same matrix product differed by up to ${percent(drift)}.`]
      : []),
  ];
}

function describeLoad(loads: readonly number[], who: string): string[] {
  if (loads.length === 0 || Math.max(...loads) <= tolerableLoad) return [];
  return [
    `${who} took up to ${percent(Math.max(...loads))} of a core during a measurement (median ${percent(median(loads))}): the machine was not quiet, and what needs all cores at once suffers most.`,
  ];
}

const percent = (part: number) => `${(part * 100).toFixed(0)} %`;
