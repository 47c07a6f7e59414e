/** Refuses what the memory of the machine, or of its graphics card, could never hold; what is merely used by others now may be free when the run begins. */
import os from 'node:os';
import type { Estimate } from '../../../core/contract/api/experiments.ts';
import { InputError } from '../../../core/contract/errors.ts';
import { agentExperiments, type RunSpec } from '../../../core/contract/run-spec.ts';
import type { GpuState } from '../machine/gpus.ts';
import type { Slot } from '../queue/slots.ts';

type Needed = Pick<Estimate, 'memoryBytes' | 'memoryPerEpisodeBytes'>;

/** What has to hold a run, in words. */
export interface Memory {
  readonly owner: string;
  readonly bytes: number;
}

/** @throws InputError `memory-too-small` with the batch that would fit. */
export function checkMemory(batch: number, { memoryBytes, memoryPerEpisodeBytes }: Needed, { owner, bytes }: Memory): void {
  if (memoryBytes <= bytes) return;
  const most = batch + Math.floor((bytes - memoryBytes) / memoryPerEpisodeBytes);
  const way = most >= 1 ? `a batch of ${most} would fit` : 'a smaller batch or network, or shorter episodes, need less';
  throw new InputError(
    'memory-too-small',
    `a batch of ${batch} takes about ${gigabytes(memoryBytes)} of memory, and ${owner} has ${gigabytes(bytes)}: ${way}`,
  );
}

/** What has to hold a run on a slot, which an agent's run may have been given for nothing; undefined where nobody knows. */
export async function memoryFor(spec: RunSpec, slot: Slot, readGpus: () => Promise<Pick<GpuState, 'gpus'>>): Promise<Memory | undefined> {
  if (slot !== 'cpu' && !agentExperiments.includes(spec.experiment)) return cardMemory(spec, (await readGpus()).gpus);
  const machine = machineMemory();
  const isWasm = spec.backend === 'wasm' && !agentExperiments.includes(spec.experiment);
  return isWasm && machine.bytes > wasmBytes ? { owner: 'WebAssembly', bytes: wasmBytes } : machine;
}

/** What 32 bits address. */
const wasmBytes = 2 ** 32;

/** Where a container allows less than there is, that. */
function machineMemory(): Memory {
  return { owner: 'this machine', bytes: Math.min(os.totalmem(), process.constrainedMemory() || Infinity) };
}

/** Of the largest card that a run may get; undefined where one does not say, or the run names one that is not known. */
function cardMemory({ backend, device }: RunSpec, gpus: GpuState['gpus']): Memory | undefined {
  // TensorFlow numbers cards in an order of its own.
  const cards = backend === 'webgpu' && device !== undefined ? gpus.filter(({ name }) => name === device) : gpus;
  const sizes = cards.map(({ memoryTotalBytes }) => memoryTotalBytes ?? Infinity);
  const bytes = Math.max(...sizes);
  return Number.isFinite(bytes) ? { owner: cards.length === 1 ? 'the graphics card' : 'the largest graphics card', bytes } : undefined;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
