/**
 * A long short-term memory network (Hochreiter, Schmidhuber 1997, with forget gates), the paper's baseline without plasticity. It sees what the
 * plastic network's protocol shows, and answers with its first hidden units.
 *
 * z(t) = x(t) · input + h(t-1) · recurrent + bias,  [i f o g] = [σ σ σ tanh](z),  c(t) = f c(t-1) + i g,  h(t) = o tanh(c(t))
 */
import { lstmParts, type Operations, type Tensor } from '../backend/operations.ts';
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
  /** Of `lstmCell`. */
  readonly stateBefore: Tensor | undefined;
  readonly state: Tensor;
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

  return {
    width: neurons,
    learned,
    eta: undefined,
    steps: (protocol) => protocol.steps.map((_, index) => index + 1),
    run: (protocol, given, batch, { forGradients }) => {
      const { keep, tidy, add, slice, matMul } = operations;
      const shown = rowsShown(protocol);
      const x = operations.tensor(inputRows(protocol, shown, given, { batch, inputs, inputScale }), [shown.length * batch, inputs]);
      const recurrent = learned.matrix('recurrent');
      const shownDrives = add(matMul(x, learned.matrix('input')), learned.matrix('bias'));
      const drives = shown.map((_, row) => slice(shownDrives, [row * batch, 0], [batch, columns]));
      const records: StepRecord[] = [];
      const hiddens: Tensor[] = [];
      let stateBefore: Tensor | undefined;

      for (const step of protocol.steps) {
        tidy(() => {
          const row = shown.indexOf(step.input ?? step.given);
          const hiddenBefore = hiddens.at(-1);
          const state = keep(operations.lstmCell(drives[row]!, hiddenBefore && matMul(hiddenBefore, recurrent), stateBefore));
          hiddens.push(keep(slice(state, [0, lstmParts.hidden * hidden], [batch, hidden])));
          if (forGradients) records.push({ row, hiddenBefore, stateBefore, state });
          stateBefore = state;
        });
      }
      return {
        activation: (step) =>
          operations.pad(hiddens[step - 1]!, [
            [0, 0],
            [0, 1],
          ]),
        differentiate: (dy) => differentiate(operations, records, { dy, x, recurrent, batch, hidden, shown }),
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
  readonly shown: readonly number[];
}

function differentiate(
  operations: Operations,
  records: readonly StepRecord[],
  { dy, x, recurrent, batch, hidden, shown }: Backward,
): ReturnType<NetworkRun['differentiate']> {
  const { keep, tidy, slice, concat } = operations;
  const transposed = operations.transposed(recurrent, batch);
  const driveGradients: Tensor[] = [];
  let dHidden: Tensor | undefined;
  let after: Tensor | undefined;
  for (let step = records.length; step >= 1; step--) {
    const { state, stateBefore, hiddenBefore } = records[step - 1]!;
    tidy(() => {
      const wanted = dy.get(step);
      const parts = [dHidden, wanted && slice(wanted, [0, 0], [batch, hidden])].filter((part) => part !== undefined);
      const dh = parts.length > 0 ? operations.addAll(parts) : operations.tensor(new Float32Array(batch * hidden), [batch, hidden]);
      after = keep(operations.lstmCellGradient(state, stateBefore, dh, after));
      const dz = keep(slice(after, [0, 0], [batch, 4 * hidden]));
      driveGradients[step - 1] = dz;
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
