/** ∂loss/∂matrix of many products operand · matrix, gathered over an episode and evaluated in one large product a set of columns. */
import type { Operations, Tensor } from '../backend/operations.ts';
import type { NeuronRange } from './protocol.ts';

/** Above this many rows a product of few columns is evaluated on its own: fewer FLOPs for one more pass over the matrix. */
const worthwhileRows = 200;

export interface ProductGradient {
  /** Notes a product's operand [n, width] and ∂loss/∂result [n, columns]; both must live until `evaluate`. */
  add(operand: Tensor, dResult: Tensor, columns: NeuronRange): void;
  /** Notes a gradient [width, width] that came another way. */
  addWhole(gradient: Tensor): void;
  /** Σ operandᵀ · dResult, [width, width]. */
  evaluate(): Tensor;
}

interface Group {
  readonly columns: NeuronRange;
  readonly operands: Tensor[];
  readonly dResults: Tensor[];
}

export function createProductGradient(operations: Operations, width: number): ProductGradient {
  const groups = new Map<number, Group>();
  const whole: Tensor[] = [];
  const groupOf = (columns: NeuronRange): Group => {
    const key = columns.start * (width + 1) + columns.end;
    const group = groups.get(key) ?? { columns, operands: [], dResults: [] };
    groups.set(key, group);
    return group;
  };
  const widenColumns = (tensor: Tensor, { start, end }: NeuronRange) =>
    end - start === width
      ? tensor
      : operations.pad(tensor, [
          [0, 0],
          [start, width - end],
        ]);
  const join = (tensors: readonly Tensor[]) => (tensors.length === 1 ? tensors[0]! : operations.concat(tensors, 0));
  const evaluateGroup = ({ columns, operands, dResults }: Group) =>
    widenColumns(operations.matMul(join(operands), join(dResults), true), columns);

  return {
    add: (operand, dResult, columns) => {
      const group = groupOf(columns);
      group.operands.push(operand);
      group.dResults.push(dResult);
    },
    addWhole: (gradient) => whole.push(gradient),
    evaluate: () =>
      operations.tidy(() => {
        const all = groupOf({ start: 0, end: width });
        for (const group of [...groups.values()]) {
          const rows = group.operands.reduce((sum, operand) => sum + operand.shape[0]!, 0);
          if (group === all || rows > worthwhileRows) continue;
          all.operands.push(...group.operands);
          all.dResults.push(...group.dResults.map((dResult) => widenColumns(dResult, group.columns)));
          groups.delete(group.columns.start * (width + 1) + group.columns.end);
        }
        const parts = [...groups.values()].filter((group) => group.operands.length > 0).map(evaluateGroup);
        const sum = [...parts, ...whole];
        if (sum.length === 0) return operations.keep(operations.tensor(new Float32Array(width * width), [width, width]));
        return operations.keep(sum.length === 1 ? sum[0]! : operations.addAll(sum));
      }),
  };
}
