/** Who computes while something is measured: whether the machine was as quiet as a measurement needs. */
import { cpus } from 'node:os';
import type { Worker } from './worker-client.ts';

/** Means over a measurement, in cores. */
export interface Load {
  /** The bench's own processes that only wait. */
  readonly waiting: number;
  /** Everything else on the machine. */
  readonly foreign: number;
}

/** Undefined where the system does not tell what a process computes. */
export async function watchLoad(active: Worker, waiting: readonly Worker[], work: () => Promise<void>): Promise<Load | undefined> {
  const look = () => ({
    atMs: performance.now(),
    all: busySeconds(),
    active: active.cpuSeconds(),
    waiting: sum(waiting.map((each) => each.cpuSeconds())),
  });
  const before = look();
  await work();
  const after = look();
  const seconds = (after.atMs - before.atMs) / 1e3;
  if (before.active === undefined || before.waiting === undefined || after.active === undefined || after.waiting === undefined)
    return undefined;
  const own = after.active - before.active + after.waiting - before.waiting;
  return { waiting: (after.waiting - before.waiting) / seconds, foreign: Math.max(0, after.all - before.all - own) / seconds };
}

/** Processor time that the whole machine has spent on anything, over all cores. */
function busySeconds(): number {
  return cpus().reduce((total, { times }) => total + times.user + times.nice + times.sys + times.irq, 0) / 1e3;
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce((total, value) => (total === undefined || value === undefined ? undefined : total + value), 0);
}
