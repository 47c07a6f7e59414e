import { expect, test } from 'vitest';
import { wheels } from './wheels.mjs';

const [cpu] = wheels.cpu;

test.each([
  ['tensorflow/libtensorflow_cc.so.2', 'libtensorflow_cc.so.2'],
  ['tensorflow/libtensorflow_framework.so.2', 'libtensorflow_framework.so.2'],
  ['tensorflow/include/tensorflow/c/eager/c_api.h', 'include/tensorflow/c/eager/c_api.h'],
  ['tensorflow/include/tsl/platform/ctstring_internal.h', 'include/tsl/platform/ctstring_internal.h'],
  ['tensorflow/include/tensorflow/core/framework/op.h', null],
  ['tensorflow/python/_pywrap_tensorflow_internal.so', null],
  ['tensorflow/libtensorflow_cc.so.2/x', null],
])('of the TensorFlow wheel, %s goes to %s', (entry, place) => {
  expect(cpu?.keep(entry)).toBe(place);
});

test('of a CUDA wheel only shared libraries are kept', () => {
  const cudnn = wheels.gpu.find(({ name }) => name.includes('cudnn'));
  expect(cudnn?.keep('nvidia/cudnn/lib/libcudnn_ops.so.9')).toBe('libcudnn_ops.so.9');
  expect(cudnn?.keep('nvidia/cudnn/lib/__init__.py')).toBeNull();
  expect(cudnn?.keep('nvidia/cudnn/include/cudnn.h')).toBeNull();
});

test('every pin is complete', () => {
  for (const pin of [...wheels.cpu, ...wheels.gpu]) {
    expect(pin.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(pin.filename).toContain(`-${pin.version}-`);
    expect(pin.bytes).toBeGreaterThan(0);
  }
});
