/** A small LSTM on the kernel of small networks, in single precision: each gate's weights are a matrix of [N, N], as those of a plain network. */
import { columnsOf, countRows, readRows, writeRows } from './connections.ts';
import { instantiateKernel } from './kernel-module.ts';
import { countBytes, createRows, type RowCounts } from './rows.ts';
import { lstmGates, type SmallLstm, type SmallLstmOptions } from './small-lstm.ts';
import { requireLength, type Vector } from './small-recurrent.ts';

/** Steps whose part of ∂loss/∂w is added at once. */
const mostHeld = 16;
const gateIndices = [0, 1, 2, 3] as const;

function rowsOf(neurons: number, steps: number) {
  const p = columnsOf(neurons);
  return {
    w: [lstmGates, p * p],
    dW: [lstmGates, p * p],
    /** Row t is [i f o g](t), P columns each; for gates as tanh of half their drives, σ(z) being (1 + tanh(z / 2)) / 2. */
    squashed: [steps + 1, lstmGates * p],
    /** Row t is h(t), c(t), tanh(c(t)). */
    hiddens: [steps + 1, p],
    cells: [steps + 1, p],
    cellTanhs: [steps + 1, p],
    /** Of each gate, ∂loss/∂z(t) of steps whose products with h(t - 1) are still to be added to dW; the last row is the latest step. */
    ds: [lstmGates * Math.min(mostHeld, steps), p],
    dHidden: [1, p],
  } as const satisfies RowCounts<string>;
}

export function countFusedLstmBytes(neurons: number, steps: number): number {
  return countBytes(rowsOf(neurons, steps));
}

/** Memory: 8 P² + 7 (T + 1) P floats and a few vectors, P being N rounded up to a multiple of 4. @throws RangeError beyond 4 GiB. */
export function createFusedLstm({ neurons, steps }: SmallLstmOptions): SmallLstm {
  const [n, p] = [countRows(neurons), columnsOf(neurons)];
  const columns = lstmGates * neurons;
  const { memory, rows } = createRows(rowsOf(neurons, steps));
  const { w, dW, squashed, hiddens, cells, cellTanhs, ds } = rows;
  const [dHidden] = rows.dHidden.of as [Float32Array];
  const [dHiddenAt] = rows.dHidden.at as [number];
  const kernel = instantiateKernel(memory);
  const dCell = new Float64Array(neurons);
  const dDrive = new Float32Array(columns);
  let step = 0;
  let held = 0;

  const heldRows = ds.at.length / lstmGates;
  const heldRow = (gate: number) => gate * heldRows + heldRows - held;
  const addHeld = () => {
    if (held > 0) for (const gate of gateIndices) kernel.addOuter(p, held, hiddens.at[step]!, ds.at[heldRow(gate)]!, dW.at[gate]!);
    held = 0;
  };

  return {
    setWeights: (next) => {
      requireLength('w', next, neurons * columns);
      for (const gate of gateIndices) {
        writeRows(w.of[gate]!, neurons, gateOf(next, neurons, gate));
        dW.of[gate]!.fill(0);
      }
      held = 0;
    },

    begin: () => {
      addHeld();
      step = 0;
      dHidden.fill(0);
      dCell.fill(0);
    },

    step: (drive) => {
      requireLength('a drive', drive, columns);
      if (step === steps) throw new RangeError(`this network has room for ${steps} steps`);
      const before = step++;
      const z = squashed.of[step]!;
      z.fill(0);
      for (const gate of gateIndices) {
        z.set(drive.subarray(gate * neurons, (gate + 1) * neurons), gate * p);
        if (before > 0) kernel.forwardPlain(n, p, squashed.at[step]! + 4 * gate * p, w.at[gate]!, hiddens.at[before]!);
      }
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
      held++;
      const [z, cellBefore, cellTanh] = [squashed.of[t]!, cells.of[t - 1]!, cellTanhs.of[t]!];
      const [di, df, dOut, dg] = gateIndices.map((gate) => ds.of[heldRow(gate)]!) as [
        Float32Array,
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      for (let j = 0; j < neurons; j++) {
        const si = z[j]!;
        const sf = z[p + j]!;
        const so = z[2 * p + j]!;
        const g = z[3 * p + j]!;
        const squash = cellTanh[j]!;
        const dh = dy[j]! + dHidden[j]!;
        const dc = dCell[j]! + 0.5 * dh * (1 + so) * (1 - squash * squash);
        dDrive[j] = di[j] = 0.25 * dc * g * (1 - si * si);
        dDrive[neurons + j] = df[j] = 0.25 * dc * cellBefore[j]! * (1 - sf * sf);
        dDrive[2 * neurons + j] = dOut[j] = 0.25 * dh * squash * (1 - so * so);
        dDrive[3 * neurons + j] = dg[j] = 0.5 * dc * (1 + si) * (1 - g * g);
        dCell[j] = 0.5 * dc * (1 + sf);
      }
      dHidden.fill(0);
      if (t > 1) for (const gate of gateIndices) kernel.backwardPlain(n, p, ds.at[heldRow(gate)]!, w.at[gate]!, dHiddenAt);
      if (held === heldRows) addHeld();
      return { drive: dDrive, modulator: 0 };
    },

    gradients: () => {
      addHeld();
      const gradient = new Float32Array(neurons * columns);
      for (const gate of gateIndices) {
        const one = readRows(dW.of[gate]!, neurons);
        for (let i = 0; i < neurons; i++) gradient.set(one.subarray(i * neurons, (i + 1) * neurons), i * columns + gate * neurons);
      }
      return gradient;
    },
    traceNorm: () => 0,
  };
}

/** [N, N] of [N, 4 N]. */
function gateOf(w: Vector, neurons: number, gate: number): Float32Array {
  const values = new Float32Array(neurons ** 2);
  for (let i = 0; i < neurons; i++) {
    const from = (i * lstmGates + gate) * neurons;
    values.set(w.subarray(from, from + neurons), i * neurons);
  }
  return values;
}
