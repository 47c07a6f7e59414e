/** The readable reference of a small LSTM: plain loops in double precision. */
import { lstmGates, type SmallLstm, type SmallLstmOptions } from './small-lstm.ts';
import { requireLength, type Vector } from './small-recurrent.ts';

/** One step: h(t-1), c(t-1), the gates [i f o g], and tanh(c(t)). */
interface StepRecord {
  readonly hidden: Float64Array;
  readonly cell: Float64Array;
  readonly gates: Float64Array;
  readonly cellTanh: Float64Array;
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

export function createReferenceLstm({ neurons: n, steps }: SmallLstmOptions): SmallLstm {
  const columns = lstmGates * n;
  let w: Vector = new Float64Array(n * columns);
  let dw = new Float64Array(n * columns);
  let records: StepRecord[] = [];
  let left = 0;
  let [hidden, cell] = [new Float64Array(n), new Float64Array(n)];
  /** By later steps. */
  let [dHidden, dCell] = [new Float64Array(n), new Float64Array(n)];

  return {
    setWeights: (next) => {
      requireLength('w', next, n * columns);
      w = next;
      dw = new Float64Array(n * columns);
    },
    begin: () => {
      records = [];
      left = 0;
      [hidden, cell] = [new Float64Array(n), new Float64Array(n)];
      [dHidden, dCell] = [new Float64Array(n), new Float64Array(n)];
    },

    step: (drive) => {
      requireLength('a drive', drive, columns);
      if (records.length === steps) throw new RangeError(`this network has room for ${steps} steps`);
      const [hiddenBefore, cellBefore] = [hidden, cell];
      const gates = Float64Array.from({ length: columns }, (_, column) => {
        let z = drive[column]!;
        for (let i = 0; i < n; i++) z += hiddenBefore[i]! * w[i * columns + column]!;
        return column < 3 * n ? sigmoid(z) : Math.tanh(z);
      });
      cell = cellBefore.map((c, j) => gates[n + j]! * c + gates[j]! * gates[3 * n + j]!);
      const cellTanh = cell.map(Math.tanh);
      hidden = cellTanh.map((squashed, j) => gates[2 * n + j]! * squashed);
      records.push({ hidden: hiddenBefore, cell: cellBefore, gates, cellTanh });
      left = records.length;
      return hidden.slice();
    },

    stepBack: (dy) => {
      requireLength('∂loss/∂y', dy, n);
      if (left === 0) throw new RangeError('every step of this episode has gone back already');
      const record = records[--left]!;
      const dz = new Float64Array(columns);
      for (let j = 0; j < n; j++) {
        const [i, f, o, g] = [0, 1, 2, 3].map((gate) => record.gates[gate * n + j]!) as [number, number, number, number];
        const dh = dy[j]! + dHidden[j]!;
        const dc = dCell[j]! + dh * o * (1 - record.cellTanh[j]! ** 2);
        dz[j] = dc * g * i * (1 - i);
        dz[n + j] = dc * record.cell[j]! * f * (1 - f);
        dz[2 * n + j] = dh * record.cellTanh[j]! * o * (1 - o);
        dz[3 * n + j] = dc * i * (1 - g * g);
        dCell[j] = dc * f;
      }
      dHidden = record.hidden.map((h, i) => {
        let sum = 0;
        for (let column = 0; column < columns; column++) {
          sum += dz[column]! * w[i * columns + column]!;
          dw[i * columns + column]! += h * dz[column]!;
        }
        return sum;
      });
      return { drive: dz, modulator: 0 };
    },
    gradients: () => dw.slice(),
    traceNorm: () => 0,
  };
}
