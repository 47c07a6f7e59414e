/** The environment in which a trainer's native libraries work well; they read it when they load, so it is set at spawn. */
import type { PrecisionName } from '../../core/contract/run-spec.ts';
import { withTensorFlowLibraries } from '../setup-state.ts';

/** `base` with what a trainer of this precision needs. */
export function trainerEnvironment(precision: PrecisionName, base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
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
  return withTensorFlowLibraries(environment);
}

/** What of it belongs into a run's record. */
export function describeEnvironment(): Record<string, string> {
  const names = ['TF_ENABLE_ONEDNN_OPTS', 'ONEDNN_DEFAULT_FPMATH_MODE', 'OMP_NUM_THREADS', 'CUDA_VISIBLE_DEVICES'];
  const set = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
  return { node: process.version, platform: `${process.platform}-${process.arch}`, ...Object.fromEntries(set) };
}
