/** The machine that a table was measured on, in words. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { formatBytes } from '../main/cli/format.ts';

/** What decides the speed of a matrix product on a CPU, by the names that Linux gives it. */
const telling = ['avx2', 'fma', 'avx512f', 'avx512_bf16', 'amx_tile', 'amx_bf16'] as const;
export type CpuFeature = (typeof telling)[number];

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Empty where the system does not say. */
  readonly features: readonly CpuFeature[];
  readonly system: string;
  readonly node: string;
}

export function describeMachine(): Machine {
  const flags = new Set(cpuFlags());
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    features: telling.filter((name) => flags.has(name)),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
  };
}

/** The machine on one line, and how many processes have been competing for it in the last minute: 0 where the system does not say. */
export function describeConditions({ cpu, cores, memoryBytes, system, node }: Machine): string {
  return `${cpu}, ${cores} cores, ${formatBytes(memoryBytes)}, ${system}, Node ${node}; load ${loadavg()[0]!.toFixed(1)}`;
}

/** Whether mixed precision can be faster than float32 here: oneDNN multiplies in bfloat16 with AMX, not with AVX-512's instructions for it. */
export function hasBfloat16({ features }: Machine): boolean {
  return features.includes('amx_bf16');
}

function cpuFlags(): string[] {
  try {
    return /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.trim().split(/\s+/) ?? [];
  } catch {
    return [];
  }
}
