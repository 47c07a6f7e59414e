import { expect, it } from 'vitest';
import { trainerEnvironment } from './environment.ts';

it('sets what the native libraries read when they load', () => {
  expect(trainerEnvironment({ precision: 'float32' }, { PATH: '/bin' })).toMatchObject({
    PATH: '/bin',
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    TF_ENABLE_ONEDNN_OPTS: '1',
  });
});

it('multiplies in bfloat16 only when the run says so', () => {
  expect(trainerEnvironment({ precision: 'mixed' }, {})).toMatchObject({ ONEDNN_DEFAULT_FPMATH_MODE: 'BF16' });
  expect(trainerEnvironment({ precision: 'float32' }, { ONEDNN_DEFAULT_FPMATH_MODE: 'BF16' })).not.toHaveProperty(
    'ONEDNN_DEFAULT_FPMATH_MODE',
  );
});

it("does not pass on options that are meant for the caller's own process", () => {
  expect(trainerEnvironment({ precision: 'float32' }, { NODE_OPTIONS: '--inspect' })).not.toHaveProperty('NODE_OPTIONS');
});

it('leaves the number of threads alone for large batches, and to whoever has set it', () => {
  expect(trainerEnvironment({ precision: 'float32', batch: 8 }, {})).not.toHaveProperty('TF_NUM_INTRAOP_THREADS');
  const set = { TF_NUM_INTRAOP_THREADS: '7' };
  expect(trainerEnvironment({ precision: 'float32', batch: 1 }, set)).toMatchObject(set);
});
