/** How busy the machine is: processor and memory from the system, graphics cards from nvidia-smi. */
import os from 'node:os';
import type { MachineLoad } from '../../../core/contract/api/machine.ts';
import { createGpuReader } from './gpus.ts';

export interface MachineWatch {
  read(): Promise<MachineLoad>;
}

/** Several clients ask: within this time all get the same answer, and none a share of a few milliseconds. */
const leastMs = 500;

export function createMachineWatch(readGpus = createGpuReader()): MachineWatch {
  let before = sumTimes();
  let cpuShare: number | null = null;
  let measuredMs = performance.now();
  const measure = () => {
    if (performance.now() - measuredMs < leastMs) return;
    const now = sumTimes();
    const total = now.total - before.total;
    if (total > 0) cpuShare = 1 - (now.idle - before.idle) / total;
    before = now;
    measuredMs = performance.now();
  };
  return {
    async read() {
      measure();
      const memoryTotalBytes = os.totalmem();
      return {
        cpuName: os.cpus()[0]?.model.trim() ?? 'unknown processor',
        cores: os.availableParallelism(),
        cpuShare,
        memoryUsedBytes: memoryTotalBytes - os.freemem(),
        memoryTotalBytes,
        ...(await readGpus()),
      };
    },
  };
}

function sumTimes(): { idle: number; total: number } {
  const times = os.cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  return { idle, total: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle) };
}
