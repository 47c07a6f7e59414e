/** What is measured against each other, and how often each is repeated. */
import { hasBfloat16, type Machine } from './machine.ts';
import type { BackendName, PrecisionName } from '../core/contract/run-spec.ts';
import type { BenchOptions } from './options.ts';
import type { Job } from './messages.ts';

export interface Contender {
  /** For people. */
  readonly name: string;
  /** Undefined: PyTorch. */
  readonly job: Job | undefined;
  /** Of PyTorch: what its program is told. */
  readonly arguments?: readonly string[];
  readonly batch: number;
  /** Iterations before the first that counts. */
  readonly warmUp: number;
  /** Iterations a round; undefined: as many as fit into the time of a measurement. */
  readonly iterations: number | undefined;
  /** Rounds that it takes part in, from the first. */
  readonly rounds: number;
}

const defaultBackends: readonly BackendName[] = ['tensorflow', 'wasm'];

/** The first three episodes of PyTorch touch fresh memory. The first of these is what all others are compared with. */
export const pytorchContenders: readonly Contender[] = [
  { name: 'dense, PyTorch', job: undefined, batch: 1, warmUp: 3, iterations: 6, rounds: Infinity },
  { name: 'dense, PyTorch, fused operations', job: undefined, arguments: ['fused'], batch: 1, warmUp: 3, iterations: 6, rounds: Infinity },
  {
    name: 'dense, PyTorch, fused, no drive in clamped steps',
    job: undefined,
    arguments: ['fused', 'skip-clamped'],
    batch: 1,
    warmUp: 3,
    iterations: 6,
    rounds: Infinity,
  },
];

/** Ours, in the order of a round. */
export function ownContenders(options: BenchOptions, machine: Machine): Contender[] {
  const backends = options.backends ?? defaultBackends;
  const trainings = backends.flatMap((backend) =>
    precisionsOf(backend, options, machine).flatMap((precision) =>
      (options.batches ?? (backend === 'tensorflow' || backend === 'webgpu' ? [1, 8, 32] : [1, 8])).map((batch): Contender => {
        const name = `${backend}, ${precision}, batch ${batch}`;
        return { name, job: { form: 'training', backend, precision, batch }, batch, warmUp: 3, iterations: undefined, rounds: Infinity };
      }),
    ),
  );
  return options.dense ? [...trainings, ...denseContenders(backends[0] ?? 'tensorflow')] : trainings;
}

/** Only TensorFlow on a CPU has the choice; elsewhere both names mean the same. */
function precisionsOf(backend: BackendName, { precisions }: BenchOptions, machine: Machine): readonly PrecisionName[] {
  if (backend !== 'tensorflow') return ['float32'];
  return precisions ?? (hasBfloat16(machine) ? ['float32', 'mixed'] : ['float32']);
}

function denseContenders(backend: BackendName): Contender[] {
  const job = (form: Job['form']): Job => ({ form, backend, precision: 'float32', batch: 1 });
  return [
    { name: `our dense form, ${backend}`, job: job('dense'), batch: 1, warmUp: 2, iterations: 2, rounds: Infinity },
    { name: 'our readable reference', job: job('reference'), batch: 1, warmUp: 0, iterations: 1, rounds: 2 },
  ];
}
