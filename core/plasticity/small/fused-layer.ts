/** A small dense layer on the kernel of small networks, in single precision. */
import { columnsOf, readRows, writeRows } from './connections.ts';
import { countHeld, createHeldProducts } from './held-products.ts';
import { instantiateKernel } from './kernel-module.ts';
import { countBytes, createRows, firstRows, type RowCounts } from './rows.ts';
import type { SmallLayer, SmallLayerOptions } from './small-layer.ts';
import { requireLength } from './small-recurrent.ts';

function rowsOf({ inputs, outputs, steps }: SmallLayerOptions) {
  const [rows, columns] = [columnsOf(inputs), columnsOf(outputs)];
  return {
    matrix: [1, rows * columns],
    gradient: [1, rows * columns],
    xs: [steps, rows],
    out: [1, columns],
    dX: [1, rows],
    d: [1, columns],
    ds: [countHeld(steps), columns],
  } as const satisfies RowCounts<string>;
}

export function countFusedLayerBytes(options: SmallLayerOptions): number {
  return countBytes(rowsOf(options));
}

/** @throws RangeError beyond WebAssembly's 4 GiB. */
export function createFusedLayer(options: SmallLayerOptions): SmallLayer {
  const { inputs, outputs, steps } = options;
  const columns = columnsOf(outputs);
  const { memory, rows } = createRows(rowsOf(options));
  const { xs, ds } = rows;
  const { matrix, gradient, out, dX, d } = firstRows(rows);
  const kernel = instantiateKernel(memory);
  const held = createHeldProducts(kernel, [columnsOf(inputs), columns], xs, ds, gradient.at);
  const outView = out.of.subarray(0, outputs);
  const dXView = dX.of.subarray(0, inputs);
  let step = 0;

  return {
    setWeights: (next) => {
      requireLength('a matrix', next, inputs * outputs);
      writeRows(matrix.of, inputs, outputs, next);
      gradient.of.fill(0);
      held.clear();
    },

    begin: () => {
      held.flush();
      step = 0;
    },

    step: (x) => {
      requireLength('x', x, inputs);
      if (step === steps) throw new RangeError(`this layer has room for ${steps} steps`);
      xs.of[step]!.set(x);
      out.of.fill(0);
      kernel.forwardPlain(inputs, columns, out.at, matrix.at, xs.at[step]!);
      step++;
      return outView;
    },

    stepBack: (slopes) => {
      requireLength('∂loss/∂out', slopes, outputs);
      if (step === 0) throw new RangeError('every step of this episode has gone back already');
      ds.of[held.place()]!.set(slopes);
      held.took(--step);
    },

    slopeOf: (slopes) => {
      requireLength('∂loss/∂out', slopes, outputs);
      d.of.set(slopes);
      dX.of.fill(0);
      kernel.backwardPlain(inputs, columns, d.at, matrix.at, dX.at);
      return dXView;
    },

    gradient: () => {
      held.flush();
      return readRows(gradient.of, inputs, outputs);
    },
  };
}
