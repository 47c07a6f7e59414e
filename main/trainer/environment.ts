/** The environment in which a trainer's native libraries work well; they read it when they load, so it is set at spawn. */
import { availableParallelism } from 'node:os';
import type { PrecisionName } from '../../core/contract/run-spec.ts';
import { withTensorFlowLibraries } from '../setup-state.ts';

/** What the environment depends on. */
export interface ComputeSettings {
  readonly precision: PrecisionName;
  /** Episodes an iteration; absent: as many as may be. */
  readonly batch?: number;
}

/** Below this batch, an iteration is mostly small operations and products that wait for memory. */
const smallBatch = 4;

/**
 * How Node runs a trainer. Memory can be freed on demand; what is young takes at most 3 × 8 MB, where Node's own 16 would make a run's memory
 * grow by 20 MB after some hundred iterations and save no time.
 */
export const trainerFlags: readonly string[] = ['--expose-gc', '--max-semi-space-size=8'];

/** `base` with what a trainer needs. */
export function trainerEnvironment({ precision, batch }: ComputeSettings, base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    ...base,
    TF_CPP_MIN_LOG_LEVEL: base['TF_CPP_MIN_LOG_LEVEL'] ?? '2',
    // Without it TensorFlow takes the whole card at once.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    TF_ENABLE_ONEDNN_OPTS: '1',
    // Few pools for glibc to keep freed memory in: TensorFlow's threads would else hold tens of megabytes each.
    MALLOC_ARENA_MAX: base['MALLOC_ARENA_MAX'] ?? '2',
  };
  // NVIDIA cards multiply float32 in TF32 unless told otherwise: that is `mixed`, and never a silent default.
  if (precision === 'float32') environment['NVIDIA_TF32_OVERRIDE'] = '0';
  else delete environment['NVIDIA_TF32_OVERRIDE'];
  // Another run's precision must not leak in from the caller's shell.
  delete environment['ONEDNN_DEFAULT_FPMATH_MODE'];
  if (precision === 'mixed') environment['ONEDNN_DEFAULT_FPMATH_MODE'] = 'BF16';
  delete environment['NODE_OPTIONS'];
  // With two cores, waking a second thread a thousand times an iteration costs more than it computes (measured: 78 ms with one, 100 with two).
  if (batch !== undefined && batch < smallBatch && availableParallelism() <= 2) environment['TF_NUM_INTRAOP_THREADS'] ??= '1';
  return withTensorFlowLibraries(environment);
}

/** What of it belongs into a run's record. */
export function describeEnvironment(): Record<string, string> {
  const names = ['TF_ENABLE_ONEDNN_OPTS', 'ONEDNN_DEFAULT_FPMATH_MODE', 'TF_NUM_INTRAOP_THREADS', 'CUDA_VISIBLE_DEVICES'];
  const set = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
  return { node: process.version, platform: `${process.platform}-${process.arch}`, ...Object.fromEntries(set) };
}
