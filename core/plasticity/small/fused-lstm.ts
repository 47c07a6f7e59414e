/** A small LSTM on the kernel of small networks, in single precision: the weights of the gates lie side by side, as those of one wide plain network. */
import { columnsOf } from './connections.ts';
import { countHeld, createHeldProducts } from './held-products.ts';
import { instantiateKernel } from './kernel-module.ts';
import { countBytes, createRows, firstRows, type RowCounts } from './rows.ts';
import { lstmGates, type SmallLstm, type SmallLstmOptions } from './small-lstm.ts';
import { requireLength } from './small-recurrent.ts';

function rowsOf(neurons: number, steps: number) {
  const p = columnsOf(neurons);
  return {
    /** P rows of [i f o g], P columns each. */
    w: [1, lstmGates * p * p],
    dW: [1, lstmGates * p * p],
    /** Row t is [i f o g](t), P columns each; for gates as tanh of half their drives, σ(z) being (1 + tanh(z / 2)) / 2. */
    squashed: [steps + 1, lstmGates * p],
    /** Row t is h(t), c(t), tanh(c(t)). */
    hiddens: [steps + 1, p],
    cells: [steps + 1, p],
    cellTanhs: [steps + 1, p],
    /** ∂loss/∂z(t) of steps whose products with h(t - 1) are still to be added to dW. */
    ds: [countHeld(steps), lstmGates * p],
    dHidden: [1, p],
  } as const satisfies RowCounts<string>;
}

export function countFusedLstmBytes(neurons: number, steps: number): number {
  return countBytes(rowsOf(neurons, steps));
}

/** Memory: 8 P² + 7 (T + 1) P floats and a few vectors, P being N rounded up to a multiple of 4. @throws RangeError beyond 4 GiB. */
export function createFusedLstm({ neurons, steps }: SmallLstmOptions): SmallLstm {
  const p = columnsOf(neurons);
  const drives = lstmGates * neurons;
  const { memory, rows } = createRows(rowsOf(neurons, steps));
  const { squashed, hiddens, cells, cellTanhs, ds } = rows;
  const { w, dW, dHidden } = firstRows(rows);
  const kernel = instantiateKernel(memory);
  const held = createHeldProducts(kernel, [p, lstmGates * p], hiddens, ds, dW.at);
  const dCell = new Float64Array(neurons);
  const dDrive = new Float32Array(drives);
  let step = 0;

  return {
    setWeights: (next) => {
      requireLength('w', next, neurons * drives);
      eachGate(neurons, (dense, wide) => w.of.set(next.subarray(dense, dense + neurons), wide));
      dW.of.fill(0);
      held.clear();
    },

    begin: () => {
      held.flush();
      step = 0;
      dHidden.of.fill(0);
      dCell.fill(0);
    },

    step: (drive) => {
      requireLength('a drive', drive, drives);
      if (step === steps) throw new RangeError(`this network has room for ${steps} steps`);
      const before = step++;
      const z = squashed.of[step]!;
      z.fill(0);
      for (let gate = 0; gate < lstmGates; gate++) z.set(drive.subarray(gate * neurons, (gate + 1) * neurons), gate * p);
      if (before > 0) kernel.forwardPlain(neurons, lstmGates * p, squashed.at[step]!, w.at, hiddens.at[before]!);
      for (let at = 0; at < 3 * p; at++) z[at]! *= 0.5;
      kernel.squash(lstmGates * p, squashed.at[step]!, squashed.at[step]!);
      const [cellBefore, cell, cellTanh, hidden] = [cells.of[before]!, cells.of[step]!, cellTanhs.of[step]!, hiddens.of[step]!];
      for (let j = 0; j < neurons; j++) cell[j] = 0.5 * ((1 + z[p + j]!) * cellBefore[j]! + (1 + z[j]!) * z[3 * p + j]!);
      kernel.squash(p, cells.at[step]!, cellTanhs.at[step]!);
      for (let j = 0; j < neurons; j++) hidden[j] = 0.5 * (1 + z[2 * p + j]!) * cellTanh[j]!;
      return hidden.subarray(0, neurons);
    },

    stepBack: (dy) => {
      requireLength('∂loss/∂y', dy, neurons);
      if (step === 0) throw new RangeError('every step of this episode has gone back already');
      const t = step--;
      const place = held.place();
      const [d, z, cellBefore, cellTanh] = [ds.of[place]!, squashed.of[t]!, cells.of[t - 1]!, cellTanhs.of[t]!];
      for (let j = 0; j < neurons; j++) {
        const si = z[j]!;
        const sf = z[p + j]!;
        const so = z[2 * p + j]!;
        const g = z[3 * p + j]!;
        const squash = cellTanh[j]!;
        const dh = dy[j]! + dHidden.of[j]!;
        const dc = dCell[j]! + 0.5 * dh * (1 + so) * (1 - squash * squash);
        dDrive[j] = d[j] = 0.25 * dc * g * (1 - si * si);
        dDrive[neurons + j] = d[p + j] = 0.25 * dc * cellBefore[j]! * (1 - sf * sf);
        dDrive[2 * neurons + j] = d[2 * p + j] = 0.25 * dh * squash * (1 - so * so);
        dDrive[3 * neurons + j] = d[3 * p + j] = 0.5 * dc * (1 + si) * (1 - g * g);
        dCell[j] = 0.5 * dc * (1 + sf);
      }
      dHidden.of.fill(0);
      if (t > 1) kernel.backwardPlain(neurons, lstmGates * p, ds.at[place]!, w.at, dHidden.at);
      held.took(step);
      return { drive: dDrive, modulator: 0 };
    },

    gradients: () => {
      held.flush();
      const gradient = new Float32Array(neurons * drives);
      eachGate(neurons, (dense, wide) => gradient.set(dW.of.subarray(wide, wide + neurons), dense));
      return gradient;
    },
    traceNorm: () => 0,
  };
}

/** Tells where each neuron's weights to each gate begin: in [N, 4 N], and among rows of whole groups. */
function eachGate(neurons: number, tell: (dense: number, wide: number) => void): void {
  const p = columnsOf(neurons);
  for (let i = 0; i < neurons; i++) {
    for (let gate = 0; gate < lstmGates; gate++) tell((lstmGates * i + gate) * neurons, (lstmGates * i + gate) * p);
  }
}
