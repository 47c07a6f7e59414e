/** The operations on tfjs's WebGPU backend, with shaders of our own where its kernels are many, slow or wrong. */
import { setImmediate } from 'node:timers/promises';
import { env } from '@tensorflow/tfjs-core';
import { FailureError } from '../contract/errors.ts';
import { createTfjsKernels, createTfjsOperations, type TfjsKernels } from './tfjs-operations.ts';
import { createTfjsParameter, type AdamUpdate } from './tfjs-parameter.ts';
import {
  adamProgram,
  fewRowsProgram,
  lstmCellGradientProgram,
  lstmCellProgram,
  movingAverageProgram,
  scaleProgram,
  tanhGradientProgram,
  type ShaderCall,
} from './webgpu-programs.ts';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { Operations, Tensor } from './operations.ts';

/** tfjs's matrix programs, by the numbers of its flag; -1 lets it choose. */
const matrixPrograms = { any: -1, reduce: 0, smallOutput: 2 } as const;

/** Up to so many rows a product waits for the matrix: one workgroup for a result or some, instead of tiles that stay empty. */
const fewRows = 8;

/**
 * tfjs may cut the inner dimension up where it is this long and the result small, and then reads a transposed right matrix wrongly where all
 * lengths are multiples of four (4.22.0, matmul_splitK_webgpu).
 */
const mayBeCutUp = (rows: number, inner: number, columns: number) => inner >= 2000 && Math.ceil(rows / 32) * Math.ceil(columns / 32) <= 32;

/**
 * Reading throws FailureError `device-failed` once there is a fault: what was computed after it is not to be trusted.
 * @param fault what the device refused to do or died of, if anything.
 */
export function createWebgpuOperations(backend: WebGPUBackend, fault: () => string | undefined): Operations {
  const refuseAfterFault = () => {
    const met = fault();
    if (met !== undefined) throw new FailureError('device-failed', `the graphics card failed or refused to compute: ${met}`);
  };
  const unguarded = createTfjsKernels('webgpu', backend);
  const kernels: TfjsKernels = {
    ...unguarded,
    read: async (tensor) => {
      try {
        const values = await unguarded.read(tensor);
        refuseAfterFault();
        return values;
      } catch (error) {
        // A lost device fails the reading first and says why a moment later.
        await setImmediate();
        refuseAfterFault();
        throw error;
      }
    },
  };
  const run = ({ program, uniforms }: ShaderCall, inputs: readonly Tensor[]) =>
    kernels.adopt(backend.runWebGPUProgram(program, inputs as TensorInfo[], 'float32', [...uniforms]));
  const adam: AdamUpdate = ([value, first, second], gradient, { stepSize, beta1, beta2, epsilon }) => {
    const { shape } = value;
    const nextFirst = run(movingAverageProgram(shape, beta1, false), [first, gradient]);
    const nextSecond = run(movingAverageProgram(shape, beta2, true), [second, gradient]);
    return [run(adamProgram(shape, stepSize, epsilon), [value, nextFirst, nextSecond]), nextFirst, nextSecond];
  };
  const base = createTfjsOperations(kernels, false);

  const withProgram = (program: number, product: () => Tensor): Tensor => {
    env().set('WEBGPU_MATMUL_PROGRAM_TYPE', program);
    try {
      return product();
    } finally {
      env().set('WEBGPU_MATMUL_PROGRAM_TYPE', matrixPrograms.any);
    }
  };
  /** One of tfjs's products, by a program that gets it right. */
  const checked =
    (product: Operations['matMul']): Operations['matMul'] =>
    (a, b, transposeA = false, transposeB = false) => {
      const [rows, inner] = (transposeA ? [a.shape.at(-1), a.shape.at(-2)] : a.shape.slice(-2)) as [number, number];
      const compute = () => product(a, b, transposeA, transposeB);
      return transposeB && mayBeCutUp(rows, inner, b.shape.at(-2)!) ? withProgram(matrixPrograms.smallOutput, compute) : compute();
    };
  const manyRows = checked(base.matMul);
  const mostGroups = backend.device.limits.maxComputeWorkgroupsPerDimension;
  const matMul = (a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor => {
    const [rows, inner] = a.shape as [number, number];
    const columns = b.shape[transposeB ? 0 : 1]!;
    if (transposeA || rows > fewRows || rows * columns > mostGroups) return manyRows(a, b, transposeA, transposeB);
    if (transposeB) return withProgram(matrixPrograms.reduce, () => base.matMul(a, b, false, true));
    if (inner !== b.shape[0]) throw new RangeError(`matrices [${a.shape.join(', ')}] and [${b.shape.join(', ')}] can't be multiplied`);
    return run(fewRowsProgram(rows, inner, columns), [a, b]);
  };

  const addAll = (tensors: readonly Tensor[]): Tensor => {
    // A shader reads only so many buffers, beside the one that it writes.
    const atOnce = backend.device.limits.maxStorageBuffersPerShaderStage - 1;
    if (tensors.length <= atOnce) return base.addAll(tensors);
    return base.tidy(() => base.keep(addAll([base.addAll(tensors.slice(0, atOnce)), ...tensors.slice(atOnce)])));
  };

  return {
    ...base,
    addAll,
    parameter: (values, shape) => createTfjsParameter(kernels, values, shape, adam),
    matMul,
    batchMatMul: checked(base.batchMatMul),
    matMulTransposed: (a, { matrix }) => matMul(a, matrix, false, true),
    scale: (a, factor) => run(scaleProgram(a.shape, factor), [a]),
    tanhGradient: (y, dy) => run(tanhGradientProgram(dy.shape), [y, dy]),
    lstmCell: (drive, recurrent, before) => {
      const [batch, drives] = drive.shape as [number, number];
      const has = { recurrent: recurrent !== undefined, before: before !== undefined };
      return run(
        lstmCellProgram(batch, drives / 4, has),
        [drive, recurrent, before].filter((tensor) => tensor !== undefined),
      );
    },
    lstmCellGradient: (state, before, dHidden, after) => {
      const [batch, hidden] = dHidden.shape as [number, number];
      const has = { before: before !== undefined, after: after !== undefined };
      const inputs = [state, dHidden, before, after].filter((tensor) => tensor !== undefined);
      return run(lstmCellGradientProgram(batch, hidden, has), inputs);
    },
  };
}
