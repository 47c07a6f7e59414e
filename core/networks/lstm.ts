/**
 * A long short-term memory network (Hochreiter, Schmidhuber 1997, with forget gates), the paper's baseline without plasticity. It sees what the
 * plastic network's protocol shows, and answers with its first hidden units.
 *
 * z(t) = x(t) · input + h(t-1) · recurrent + bias,  [i f o g] = [σ σ σ tanh](z),  c(t) = f c(t-1) + i g,  h(t) = o tanh(c(t))
 */
import type { Operations, Tensor } from '../backend/operations.ts';
import type { Protocol } from '../plasticity/protocol.ts';
import type { RandomStream } from '../random.ts';
import { createLearned } from './learned.ts';
import type { Network, NetworkRun } from './network.ts';

export interface LstmOptions {
  /** Neurons of the task: the hidden units, and one that is the bias elsewhere and silent here. */
  readonly neurons: number;
  /** The neurons that see something: the first ones. */
  readonly inputs: number;
  /** Multiplies what is shown. */
  readonly inputScale: number;
}

/** What the way back needs of one step. */
interface StepRecord {
  /** Row of x. */
  readonly row: number;
  readonly hiddenBefore: Tensor | undefined;
  readonly cellBefore: Tensor | undefined;
  /** tanh of the gates' half drives, and of the candidate's whole one, [B, 4 H]. */
  readonly squashed: Tensor;
  readonly gates: { readonly input: Tensor; readonly forget: Tensor; readonly output: Tensor; readonly candidate: Tensor };
  readonly cellTanh: Tensor;
}

/**
 * `weights` gives `input` [I, 4 H], `recurrent` [H, 4 H], `bias` [1, 4 H]; columns: input gate, forget gate, output gate, candidate.
 * @param random draws all of them, uniform within ± 1 / √H.
 */
export function createLstm(operations: Operations, { neurons, inputs, inputScale }: LstmOptions, random: RandomStream): Network {
  const hidden = neurons - 1;
  const columns = 4 * hidden;
  const bound = 1 / Math.sqrt(hidden);
  const drawMatrix = (rows: number) => ({
    rows,
    columns,
    initial: Float32Array.from({ length: rows * columns }, () => bound * (2 * random.uniform() - 1)),
  });
  const learned = createLearned(operations, { input: drawMatrix(inputs), recurrent: drawMatrix(hidden), bias: drawMatrix(1) }, {});
  const perColumn = (gate: number, candidate: number) =>
    operations.tensor(new Float32Array(columns).fill(gate, 0, 3 * hidden).fill(candidate, 3 * hidden), [1, columns]);

  return {
    width: neurons,
    learned,
    eta: undefined,
    steps: (protocol) => protocol.steps.map((_, index) => index + 1),
    run: (protocol, given, batch, { forGradients }) => {
      const { keep, tidy, add, multiply, slice, scale, tanh, matMul } = operations;
      const half = perColumn(0.5, 1);
      const offset = perColumn(0.5, 0);
      const shown = rowsShown(protocol);
      const x = operations.tensor(inputRows(protocol, shown, given, { batch, inputs, inputScale }), [shown.length * batch, inputs]);
      const recurrent = learned.matrix('recurrent');
      const shownDrives = add(matMul(x, learned.matrix('input')), learned.matrix('bias'));
      const records: StepRecord[] = [];
      const hiddens: Tensor[] = [];
      let cell: Tensor | undefined;

      for (const step of protocol.steps) {
        tidy(() => {
          const row = shown.indexOf(step.input ?? step.given);
          const hiddenBefore = hiddens.at(-1);
          const drive = slice(shownDrives, [row * batch, 0], [batch, columns]);
          const z = hiddenBefore === undefined ? drive : add(drive, matMul(hiddenBefore, recurrent));
          const squashed = tanh(multiply(z, half));
          const all = add(multiply(squashed, half), offset);
          const gate = (index: number) => keep(slice(all, [0, index * hidden], [batch, hidden]));
          const gates = { input: gate(0), forget: gate(1), output: gate(2), candidate: gate(3) };
          const taken = multiply(gates.input, gates.candidate);
          const cellBefore = cell;
          cell = keep(cellBefore === undefined ? scale(taken, 1) : add(multiply(gates.forget, cellBefore), taken));
          const cellTanh = keep(tanh(cell));
          hiddens.push(keep(multiply(gates.output, cellTanh)));
          if (forGradients) records.push({ row, hiddenBefore, cellBefore, squashed: keep(squashed), gates, cellTanh });
        });
      }
      return {
        activation: (step) =>
          operations.pad(hiddens[step - 1]!, [
            [0, 0],
            [0, 1],
          ]),
        differentiate: (dy) => differentiate(operations, records, { dy, x, recurrent, batch, hidden, quarter: perColumn(0.25, 1), shown }),
      };
    },
    weights: async () => ({
      input: await learned.read('input'),
      recurrent: await learned.read('recurrent'),
      bias: await learned.read('bias'),
    }),
  };
}

interface Backward {
  readonly dy: ReadonlyMap<number, Tensor>;
  readonly x: Tensor;
  readonly recurrent: Tensor;
  readonly batch: number;
  readonly hidden: number;
  /** ∂gate/∂drive ÷ (1 - squashed²): ¼ of the gates, 1 of the candidate. */
  readonly quarter: Tensor;
  readonly shown: readonly number[];
}

function differentiate(
  operations: Operations,
  records: readonly StepRecord[],
  { dy, x, recurrent, batch, hidden, quarter, shown }: Backward,
): ReturnType<NetworkRun['differentiate']> {
  const { keep, tidy, add, multiply, slice, tanhGradient, concat } = operations;
  const transposed = operations.transposed(recurrent, batch);
  const driveGradients: Tensor[] = [];
  let dHidden: Tensor | undefined;
  let dCell: Tensor | undefined;
  for (let step = records.length; step >= 1; step--) {
    const record = records[step - 1]!;
    tidy(() => {
      const wanted = dy.get(step);
      const parts = [dHidden, wanted && slice(wanted, [0, 0], [batch, hidden])].filter((part) => part !== undefined);
      const dh = parts.length > 0 ? operations.addAll(parts) : operations.tensor(new Float32Array(batch * hidden), [batch, hidden]);
      const { gates, cellTanh, cellBefore, hiddenBefore, squashed } = record;
      const throughOutput = tanhGradient(cellTanh, multiply(dh, gates.output));
      const dc = dCell === undefined ? throughOutput : add(dCell, throughOutput);
      const dForget = cellBefore === undefined ? operations.scale(dc, 0) : multiply(dc, cellBefore);
      const dGates = concat([multiply(dc, gates.candidate), dForget, multiply(dh, cellTanh), multiply(dc, gates.input)], 1);
      const dz = keep(multiply(tanhGradient(squashed, dGates), quarter));
      driveGradients[step - 1] = dz;
      dCell = keep(multiply(dc, gates.forget));
      dHidden = hiddenBefore && keep(operations.matMulTransposed(dz, transposed));
    });
  }

  // What is shown again shares its row: one product for the input weights, one for the recurrent ones.
  const perRow = shown.map((_, row) => {
    const parts = records.flatMap((record, index) => (record.row === row ? [driveGradients[index]!] : []));
    return operations.addAll(parts);
  });
  const dShown = concat(perRow, 0);
  const later = records.flatMap(({ hiddenBefore }, index) => (hiddenBefore === undefined ? [] : [{ hiddenBefore, index }]));
  const dRecurrent =
    later.length === 0
      ? operations.scale(recurrent, 0)
      : operations.matMul(
          concat(
            later.map(({ hiddenBefore }) => hiddenBefore),
            0,
          ),
          concat(
            later.map(({ index }) => driveGradients[index]!),
            0,
          ),
          true,
        );
  return {
    matrices: { input: operations.matMul(x, dShown, true), recurrent: dRecurrent, bias: operations.sumRows(dShown) },
    numbers: {},
  };
}

/** The rows of `given` that some step shows, each once. */
function rowsShown({ steps }: Protocol): number[] {
  return [...new Set(steps.map(({ input, given }) => input ?? given))];
}

/** x of these rows, [rows · B, inputs]. */
function inputRows(
  { neurons }: Protocol,
  rows: readonly number[],
  given: Float32Array,
  { batch, inputs, inputScale }: { batch: number; inputs: number; inputScale: number },
): Float32Array {
  const x = new Float32Array(rows.length * batch * inputs);
  rows.forEach((row, at) => {
    for (let episode = 0; episode < batch; episode++) {
      const from = (row * batch + episode) * neurons;
      const to = (at * batch + episode) * inputs;
      for (let input = 0; input < inputs; input++) x[to + input] = given[from + input]! * inputScale;
    }
  });
  return x;
}
