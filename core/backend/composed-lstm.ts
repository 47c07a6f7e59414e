/** An LSTM's cell of elementwise operations, for backends that have no kernel for the whole. */
import { lstmParts, type Operations, type Tensor } from './operations.ts';

type Needed = Pick<
  Operations,
  'tensor' | 'add' | 'multiply' | 'subtract' | 'scale' | 'tanh' | 'tanhGradient' | 'slice' | 'concat' | 'tidy' | 'keep'
>;
type Cell = Pick<Operations, 'lstmCell' | 'lstmCellGradient'>;

/** What a backend brings itself. */
export type ElementaryOperations = Omit<Operations, keyof Cell>;

/** σ(z) = ½ tanh(½ z) + ½ of the gates and tanh(z) of the candidate, in one call: what z is multiplied with before and after, and what is added. */
interface Squashing {
  readonly factors: Float32Array;
  readonly offsets: Float32Array;
}

export function composeLstmCell(operations: Needed): Cell {
  const { tensor, add, multiply, subtract, scale, tanh, tanhGradient, slice, concat, tidy, keep } = operations;
  const squashings = new Map<number, Squashing>();
  const squashingOf = (units: number): Squashing => {
    const row = (gates: number, candidate: number) => new Float32Array(4 * units).fill(gates, 0, 3 * units).fill(candidate, 3 * units);
    const known = squashings.get(units) ?? { factors: row(0.5, 1), offsets: row(0.5, 0) };
    squashings.set(units, known);
    return known;
  };
  const parts = (of: Tensor, units: number, first: number, count: number) => slice(of, [0, first * units], [of.shape[0]!, count * units]);
  const part = (of: Tensor, units: number, name: keyof typeof lstmParts) => parts(of, units, lstmParts[name], 1);
  /** Of a gradient: it lies behind those of the four drives. */
  const cellGradient = (of: Tensor, units: number) => parts(of, units, 4, 1);

  return {
    lstmCell: (drive, recurrent, before) =>
      tidy(() => {
        const units = drive.shape[1]! / 4;
        const { factors, offsets } = squashingOf(units);
        const factor = tensor(factors, [1, 4 * units]);
        const z = recurrent === undefined ? drive : add(drive, recurrent);
        const squashed = add(multiply(tanh(multiply(z, factor)), factor), tensor(offsets, [1, 4 * units]));
        const taken = multiply(part(squashed, units, 'input'), part(squashed, units, 'candidate'));
        const cell = before === undefined ? taken : add(multiply(part(squashed, units, 'forget'), part(before, units, 'cell')), taken);
        return keep(concat([squashed, cell, multiply(part(squashed, units, 'output'), tanh(cell))], 1));
      }),
    lstmCellGradient: (state, before, dHidden, after) =>
      tidy(() => {
        const units = dHidden.shape[1]!;
        const candidate = part(state, units, 'candidate');
        const cellTanh = tanh(part(state, units, 'cell'));
        const throughOutput = tanhGradient(cellTanh, multiply(dHidden, part(state, units, 'output')));
        const dCell = after === undefined ? throughOutput : add(cellGradient(after, units), throughOutput);
        const dForget = before === undefined ? scale(dCell, 0) : multiply(dCell, part(before, units, 'cell'));
        const gates = parts(state, units, 0, 3);
        const dGates = multiply(
          concat([multiply(dCell, candidate), dForget, multiply(dHidden, cellTanh)], 1),
          subtract(gates, multiply(gates, gates)),
        );
        const dCandidate = tanhGradient(candidate, multiply(dCell, part(state, units, 'input')));
        return keep(concat([dGates, dCandidate, multiply(dCell, part(state, units, 'forget'))], 1));
      }),
  };
}
