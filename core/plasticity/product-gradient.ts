/** ∂loss/∂matrix of many products operand · matrix, gathered over an episode and evaluated in one large product a set of columns. */
import type { Operations, Tensor } from '../backend/operations.ts';
import type { NeuronRange } from './protocol.ts';

export interface ProductGradient {
  /** Notes a product's operand [n, width] and ∂loss/∂result [n, columns]; both must live until `evaluate`. */
  add(operand: Tensor, dResult: Tensor, columns: NeuronRange): void;
  /** Notes a gradient [width, width] that came another way. */
  addWhole(gradient: Tensor): void;
  /** Σ operandᵀ · dResult, [width, width]. */
  evaluate(): Tensor;
}

/** @param narrow whether products of few columns are evaluated on their own (fewer FLOPs, one more pass over the matrix). */
export function createProductGradient(operations: Operations, width: number, narrow: boolean): ProductGradient {
  const groups = new Map<string, { columns: NeuronRange; operands: Tensor[]; dResults: Tensor[] }>();
  const whole: Tensor[] = [];
  const widenColumns = (tensor: Tensor, { start, end }: NeuronRange) =>
    end - start === width
      ? tensor
      : operations.pad(tensor, [
          [0, 0],
          [start, width - end],
        ]);
  return {
    add: (operand, dResult, columns) => {
      const range = narrow ? columns : { start: 0, end: width };
      const key = `${range.start}:${range.end}`;
      const group = groups.get(key) ?? { columns: range, operands: [], dResults: [] };
      group.operands.push(operand);
      group.dResults.push(narrow ? dResult : operations.keep(widenColumns(dResult, columns)));
      groups.set(key, group);
    },
    addWhole: (gradient) => whole.push(gradient),
    evaluate: () =>
      operations.tidy(() => {
        const join = (tensors: readonly Tensor[]) => (tensors.length === 1 ? tensors[0]! : operations.concat(tensors, 0));
        const parts = [...groups.values()].map(({ columns, operands, dResults }) =>
          widenColumns(operations.matMul(join(operands), join(dResults), true), columns),
        );
        const all = [...parts, ...whole];
        return operations.keep(all.length === 1 ? all[0]! : all.length > 1 ? operations.addAll(all) : operations.tensor(new Float32Array(width * width), [width, width]));
      }),
  };
}
