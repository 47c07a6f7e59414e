/** Whether memory and disk would suffice, and with what they would. */
import type { Estimate } from '../../core/contract/api/experiments.ts';
import { formatBytes, formatCount } from '../format.ts';

export interface Room {
  /** Undefined where nobody knows. */
  readonly memoryBytes: number | undefined;
  readonly diskBytes: number | undefined;
}

export interface Plan {
  readonly batch: number;
  readonly episodes: number;
  readonly runs: number;
}

export interface Warnings {
  readonly memory?: string;
  readonly disk?: string;
}

export function findWarnings(estimate: Estimate, plan: Plan, room: Room): Warnings {
  const memory = warnOfMemory(estimate, plan, room.memoryBytes);
  const disk = warnOfDisk(estimate, plan, room.diskBytes);
  return { ...(memory === undefined ? {} : { memory }), ...(disk === undefined ? {} : { disk }) };
}

function warnOfMemory({ memoryBytes, memoryPerEpisodeBytes }: Estimate, { batch }: Plan, free: number | undefined): string | undefined {
  if (free === undefined || memoryBytes <= free) return undefined;
  const most = batch + Math.floor((free - memoryBytes) / memoryPerEpisodeBytes);
  const way = most >= 1 ? `a batch of ${formatCount(most)} would fit` : 'not even a batch of 1 would fit; a smaller network needs less';
  return `${formatBytes(free)} are free: ${way}`;
}

function warnOfDisk(estimate: Estimate, { batch, episodes, runs }: Plan, free: number | undefined): string | undefined {
  const { diskBytes, diskPerIterationBytes } = estimate;
  if (free === undefined || diskBytes * runs <= free) return undefined;
  const fixed = diskBytes - Math.ceil(episodes / batch) * diskPerIterationBytes;
  const most = Math.floor((free / runs - fixed) / diskPerIterationBytes) * batch;
  const left = formatBytes(Math.max(0, free));
  if (most < 1) return `${left} may be used: not even the checkpoints of ${runs === 1 ? 'this run' : 'these runs'} would fit`;
  return `${left} may be used: ${formatCount(most)} episodes${runs === 1 ? '' : ' a run'} would fit`;
}
