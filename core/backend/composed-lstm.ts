/** An LSTM's cell of elementwise operations, for backends that have no kernel for the whole. */
import type { Operations, Tensor } from './operations.ts';

type Needed = Pick<
  Operations,
  'tensor' | 'add' | 'multiply' | 'subtract' | 'scale' | 'tanh' | 'tanhGradient' | 'slice' | 'concat' | 'tidy' | 'keep'
>;
type Cell = Pick<Operations, 'lstmCell' | 'lstmCellGradient'>;

/** What a backend brings itself. */
export type ElementaryOperations = Omit<Operations, keyof Cell>;

export function composeLstmCell(operations: Needed): Cell {
  const { tensor, add, multiply, subtract, scale, tanh, tanhGradient, slice, concat, tidy, keep } = operations;
  const partOf = (tensor: Tensor, units: number, first: number, count = 1) =>
    slice(tensor, [0, first * units], [tensor.shape[0]!, count * units]);

  return {
    lstmCell: (drive, recurrent, before) =>
      tidy(() => {
        const units = drive.shape[1]! / 4;
        const z = recurrent === undefined ? drive : add(drive, recurrent);
        // σ(z) = ½ tanh(½ z) + ½: one call for gates and candidate together.
        const row = (gate: number, candidate: number) =>
          tensor(new Float32Array(4 * units).fill(gate, 0, 3 * units).fill(candidate, 3 * units), [1, 4 * units]);
        const half = row(0.5, 1);
        const all = add(multiply(tanh(multiply(z, half)), half), row(0.5, 0));
        const taken = multiply(partOf(all, units, 0), partOf(all, units, 3));
        const cell = before === undefined ? taken : add(multiply(partOf(all, units, 1), partOf(before, units, 4)), taken);
        const hidden = multiply(partOf(all, units, 2), tanh(cell));
        return keep(concat([all, cell, hidden], 1));
      }),
    lstmCellGradient: (state, before, dHidden, after) =>
      tidy(() => {
        const units = dHidden.shape[1]!;
        const [input, forget, output, candidate] = [0, 1, 2, 3].map((part) => partOf(state, units, part)) as [
          Tensor,
          Tensor,
          Tensor,
          Tensor,
        ];
        const cellTanh = tanh(partOf(state, units, 4));
        const throughOutput = tanhGradient(cellTanh, multiply(dHidden, output));
        const dCell = after === undefined ? throughOutput : add(partOf(after, units, 4), throughOutput);
        const dForget = before === undefined ? scale(dCell, 0) : multiply(dCell, partOf(before, units, 4));
        const gates = partOf(state, units, 0, 3);
        const dGates = concat([multiply(dCell, candidate), dForget, multiply(dHidden, cellTanh)], 1);
        const dDrives = [multiply(dGates, subtract(gates, multiply(gates, gates))), tanhGradient(candidate, multiply(dCell, input))];
        return keep(concat([...dDrives, multiply(dCell, forget)], 1));
      }),
  };
}
