/**
 * Measures all contenders in turn, round after round: the machine's speed drifts, and only neighbours in time can be compared. The
 * processes stay alive between their turns, but only one computes at a time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { watchLoad, type Load } from './load.ts';
import { median } from './statistics.ts';
import type { Contender } from './contenders.ts';
import type { Ready, Sample } from './messages.ts';
import type { Worker } from './worker-client.ts';

export interface Measurement {
  readonly contender: Contender;
  readonly ready: Ready;
  /** The samples of each round. */
  readonly rounds: readonly (readonly Sample[])[];
  /** GFLOP/s of the large matrix product, a round each; empty where it has none. */
  readonly products: readonly number[];
}

export interface RoundsResult {
  readonly measurements: readonly Measurement[];
  /** What else computed, a measurement each; empty where that is unknown. */
  readonly loads: readonly Load[];
  /** Contenders that did not work, and why. */
  readonly absent: readonly string[];
}

interface Running {
  readonly contender: Contender;
  readonly worker: Worker;
  readonly iterations: number;
  readonly rounds: Sample[][];
  readonly products: number[];
}

export interface RoundsOptions {
  readonly rounds: number;
  /** Time for a measurement whose contender does not say how many iterations it takes. */
  readonly seconds: number;
  readonly start: (contender: Contender) => Promise<Worker>;
  readonly report: (line: string) => void;
}

const mostIterations = 60;
const leastIterations = 3;
/** Thread pools spin for a moment after their last work. */
const pauseMs = 200;

export async function measureInRounds(contenders: readonly Contender[], options: RoundsOptions): Promise<RoundsResult> {
  const running: Running[] = [];
  const absent: string[] = [];
  const loads: Load[] = [];
  try {
    for (const contender of contenders) {
      options.report(`starting ${contender.name}`);
      try {
        running.push(await begin(contender, options));
      } catch (error) {
        absent.push(`${contender.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    for (let round = 0; round < options.rounds; round++) {
      for (const turn of running.filter(({ contender }) => round < contender.rounds)) {
        await sleep(pauseMs);
        const others = running.filter((other) => other !== turn).map(({ worker }) => worker);
        const load = await watchLoad(turn.worker, others, () => takeTurn(turn));
        if (load !== undefined) loads.push(load);
        const milliseconds = (median(turn.rounds.at(-1)!.map(({ seconds }) => seconds)) * 1e3).toFixed(1);
        options.report(`round ${round + 1} of ${options.rounds}: ${turn.contender.name}: ${milliseconds} ms`);
      }
    }
  } finally {
    for (const { worker } of running) await worker.close();
  }
  const measurements = running.map(({ contender, worker: { ready }, rounds, products }) => ({ contender, ready, rounds, products }));
  return { measurements, loads, absent };
}

async function begin(contender: Contender, { start, seconds }: RoundsOptions): Promise<Running> {
  const worker = await start(contender);
  const warm = contender.warmUp > 0 ? await worker.run(contender.warmUp) : [];
  const fitting = Math.ceil(seconds / (warm.at(-1)?.seconds ?? seconds));
  const iterations = contender.iterations ?? Math.min(mostIterations, Math.max(leastIterations, fitting));
  return { contender, worker, iterations, rounds: [], products: [] };
}

async function takeTurn({ contender, worker, iterations, rounds, products }: Running): Promise<void> {
  // What has slept starts with cold caches: the first iteration of a turn does not count.
  const cold = contender.warmUp > 0 ? 1 : 0;
  rounds.push((await worker.run(iterations + cold)).slice(cold));
  if (contender.job?.form !== 'reference') products.push(await worker.measureProduct());
}
