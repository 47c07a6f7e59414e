/** Refuses what the machine's memory could never hold; what is merely used by others now may be free when the run begins. */
import os from 'node:os';
import type { Estimate } from '../../../core/contract/api/experiments.ts';
import { InputError } from '../../../core/contract/errors.ts';

type Memory = Pick<Estimate, 'memoryBytes' | 'memoryPerEpisodeBytes'>;

/** @throws InputError `memory-too-small` with the batch that would fit. */
export function checkMemory(batch: number, { memoryBytes, memoryPerEpisodeBytes }: Memory, machineBytes = measureMachine()): void {
  if (memoryBytes <= machineBytes) return;
  const most = batch + Math.floor((machineBytes - memoryBytes) / memoryPerEpisodeBytes);
  const way = most >= 1 ? `a batch of ${most} would fit` : 'a smaller batch or network, or shorter episodes, need less';
  throw new InputError(
    'memory-too-small',
    `a batch of ${batch} takes about ${gigabytes(memoryBytes)} of memory, and this machine has ${gigabytes(machineBytes)}: ${way}`,
  );
}

/** Where a container allows less than there is, that. */
function measureMachine(): number {
  return Math.min(os.totalmem(), process.constrainedMemory() || Infinity);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
