/**
 * Oja: hebb(t+1) = hebb(t) + eta y(t) ∘ (y(t-1)ᵀ - y(t) ∘ hebb(t)). Column j keeps the share 1 - eta y_j(t)² of itself, so G is carried from
 * sum to sum: G ← G ∘ F + new rows. n equal writes (u, v) merge into f = (1-eta v²)^n and g = (1-f)/v; only given vectors repeat, so f and g
 * for n > 1 are constants of the episode, evaluated on the host in double precision.
 */
import { activationRows } from './mixture.ts';
import { columnsOf, view } from './views.ts';
import type { Tensor } from '../backend/operations.ts';
import type { Term, TermSum } from './plan.ts';
import type { EtaGradient, RuleContext, RuleRun } from './rule.ts';
import { scatter, selection as select, widen } from './table.ts';

/** n consecutive writes of the same pair of rows. */
interface Write {
  readonly u: number;
  readonly v: number;
  readonly count: number;
}

/** One write as tensors, each [1, B · width]: `share` is f, `gain` is g; slopes in eta where v is given. */
interface WriteFactors {
  readonly write: Write;
  readonly activation: Tensor;
  readonly share: Tensor;
  readonly gain: Tensor;
  readonly slopes: { readonly share: Tensor; readonly gain: Tensor };
}

/** From the sum before to this one. */
interface Passage {
  readonly writes: readonly WriteFactors[];
  /** after[e] is the product of the shares of writes e, e+1, …; undefined stands for 1. */
  readonly after: readonly (Tensor | undefined)[];
  readonly before: { readonly weights: Tensor | undefined; readonly factor: Tensor | undefined };
  readonly selection: Tensor | undefined;
}

export function createOjaRun(context: RuleContext): RuleRun {
  const { operations, chunk, table, batch, width, eta } = context;
  const { add, keep, multiply, scale, slice, sumLast, sumRows } = operations;
  const size = batch * width;
  const passages = new Map<number, Passage>();
  const constants = new Map<string, Omit<WriteFactors, 'write' | 'activation'>>();
  const etaGradients: EtaGradient[] = [];
  let weights: Tensor | undefined; // G, all columns, as of the last sum
  let factor: Tensor | undefined; // F since the chunk began
  let nextTerm = 0;
  let dWeightsLater: Tensor | undefined; // what later sums say of G and F
  let dFactorLater: Tensor | undefined;

  const factors = (write: Write): WriteFactors => {
    const activation = keep(operations.slice(table.gather([write.v]), [0, 0], [1, size]));
    const source = chunk.table[write.v]!;
    if (source.kind === 'computed') {
      const square = multiply(activation, activation);
      const share = keep(operations.subtract(ones(), scale(square, eta)));
      return { write, activation, share, gain: keep(scale(activation, eta)), slopes: { share: keep(scale(square, -1)), gain: activation } };
    }
    const key = `${source.given}:${write.count}`;
    const known = constants.get(key) ?? constantFactors(context.givenValues(source.given), write.count);
    constants.set(key, known);
    return { write, activation, ...known };
  };
  const row = (values: Float32Array) => keep(operations.tensor(values, [1, size]));
  const ones = () => operations.tensor(new Float32Array(size).fill(1), [1, size]);
  const constantFactors = (given: Float32Array, count: number) => {
    const { share, gain, shareSlope, gainSlope } = repeatedWrite(given, eta, count);
    return { share: row(share), gain: row(gain), slopes: { share: row(shareSlope), gain: row(gainSlope) } };
  };

  const advance = (sum: TermSum): void => {
    const terms: Term[] = [];
    while (nextTerm < chunk.terms.length && chunk.terms[nextTerm]!.step < sum.step) terms.push(chunk.terms[nextTerm++]!);
    const writes = mergeWrites(terms).map(factors);
    const before = { weights, factor };
    const after: (Tensor | undefined)[] = [];
    for (let e = writes.length - 1; e >= 0; e--) {
      const later = after[e + 1];
      after[e] = later ? keep(multiply(writes[e]!.share, later)) : writes[e]!.share;
    }
    const all = after[0];
    factor = all ? (before.factor ? keep(multiply(before.factor, all)) : all) : before.factor;
    const parts: Tensor[] = [];
    if (before.weights) {
      const carried = all ? multiply(before.weights, all) : before.weights;
      const missing = sum.order.length - before.weights.shape[0]!;
      parts.push(
        missing > 0
          ? operations.pad(carried, [
              [0, missing],
              [0, 0],
            ])
          : carried,
      );
    }
    let selection: Tensor | undefined;
    if (writes.length > 0) {
      const added = writes.map(({ gain }, e) => (after[e + 1] ? multiply(gain, after[e + 1]!) : gain));
      selection = keep(
        select(
          operations,
          writes.map(({ write }) => write.u),
          sum.order.length,
        ),
      );
      parts.push(operations.matMul(selection, operations.concat(added, 0)));
    }
    weights = parts.length === 0 ? undefined : keep(parts.length === 1 ? parts[0]! : operations.addAll(parts));
    passages.set(sum.step, { writes, after, before, selection });
  };
  /** G is carried in the table's order; a sum may want it in another. */
  const isArranged = ({ order }: TermSum) => order.every((u, place) => u === place);
  const arrange = (sum: TermSum, rows: Tensor, back: boolean) =>
    isArranged(sum) ? rows : operations.matMul(select(operations, activationRows(sum.order), sum.order.length), rows, !back);
  const noteEta = (part: Tensor) => etaGradients.push({ tensor: keep(part), factors: Float64Array.of(1) });

  return {
    weights: (sum) => {
      advance(sum);
      const rows = sum.order.length;
      const { start, end } = sum.columns;
      const part = columnsOf(operations, view(operations, weights!, rows * batch, width), start, end);
      return arrange(sum, view(operations, part, rows, batch * (end - start)), false);
    },
    traceFactor: (sum) => {
      if (!passages.has(sum.step)) advance(sum);
      return factor ? { kind: 'columns', tensor: factor } : { kind: 'scalar', value: 1 };
    },
    leftFactors: (step) => table.gather(activationRows(step.fresh)),
    leftFactorGradient: ({ fresh, learned, tableRows }, dFactors) =>
      scatter(operations, dFactors, activationRows(fresh).slice(learned.start, learned.end), tableRows),
    gradient: (sum, dWeights, dFactor) => {
      const { writes, after, before, selection } = passages.get(sum.step)!;
      const wide = dWeights ? widen(operations, arrange(sum, dWeights, true), batch, sum.columns, width) : undefined;
      const dAll = wide && dWeightsLater ? add(wide, dWeightsLater) : (wide ?? dWeightsLater);
      // A scalar factor is the constant 1: nothing was written before it.
      const ownFactor = dFactor && dFactor.shape[1] === size ? dFactor : undefined;
      const dFactorAll = ownFactor && dFactorLater ? add(ownFactor, dFactorLater) : (ownFactor ?? dFactorLater);
      const all = after[0];

      // dAfter: ∂loss/∂(product of the shares of writes e, e+1, …), starting with all of them.
      let dAfter: Tensor | undefined;
      if (dAll && before.weights) {
        const dCarried = slice(dAll, [0, 0], [before.weights.shape[0]!, size]);
        dWeightsLater = keep(all ? multiply(dCarried, all) : dCarried);
        dAfter = sumRows(multiply(dCarried, before.weights));
      } else dWeightsLater = undefined;
      if (dFactorAll && all) {
        const part = before.factor ? multiply(dFactorAll, before.factor) : dFactorAll;
        dAfter = dAfter ? add(dAfter, part) : part;
      }
      dFactorLater = dFactorAll && before.factor ? keep(all ? multiply(dFactorAll, all) : dFactorAll) : undefined;
      if (writes.length === 0 || (!dAll && !dAfter)) return undefined;

      const dAdded = dAll && selection ? operations.matMul(selection, dAll, true) : undefined; // [writes, B·width]
      const dTable: { row: number; gradient: Tensor }[] = [];
      writes.forEach(({ write, activation, slopes, share, gain }, e) => {
        const later = after[e + 1];
        const dShare = dAfter ? (later ? multiply(dAfter, later) : dAfter) : undefined;
        const dAdd = dAdded ? slice(dAdded, [e, 0], [1, size]) : undefined;
        const dGain = dAdd && later ? multiply(dAdd, later) : dAdd;
        const dLater = [dAfter ? multiply(dAfter, share) : undefined, dAdd ? multiply(dAdd, gain) : undefined].filter(
          (part) => part !== undefined,
        );
        dAfter = dLater.length > 1 ? add(dLater[0]!, dLater[1]!) : dLater[0];
        const pairs = [
          [dShare, slopes.share],
          [dGain, slopes.gain],
        ] as const;
        for (const [d, slope] of pairs) if (d) noteEta(sumLast(multiply(d, slope)));
        if (chunk.table[write.v]!.kind !== 'computed') return;
        // f = 1 - eta v², g = eta v
        if (dShare) dTable.push({ row: write.v, gradient: scale(multiply(dShare, activation), -2 * eta) });
        if (dGain) dTable.push({ row: write.v, gradient: scale(dGain, eta) });
      });
      if (dTable.length === 0) return undefined;
      const rows = select(
        operations,
        dTable.map((each) => each.row),
        sum.tableRows,
      );
      return operations.matMul(
        rows,
        operations.concat(
          dTable.map((each) => each.gradient),
          0,
        ),
      );
    },
    etaGradients: () => etaGradients,
  };
}

function mergeWrites(terms: readonly Term[]): Write[] {
  const writes: Write[] = [];
  for (const { u, v } of terms) {
    const last = writes.at(-1);
    if (last?.u === u && last.v === v) writes[writes.length - 1] = { u, v, count: last.count + 1 };
    else writes.push({ u, v, count: 1 });
  }
  return writes;
}

/** f = (1-eta v²)^n, g = (1-f)/v = eta v Σ_k (1-eta v²)^k, and their slopes in eta, for each given value v. */
function repeatedWrite(given: Float32Array, eta: number, count: number) {
  const [share, gain, shareSlope, gainSlope] = [0, 1, 2, 3].map(() => new Float32Array(given.length)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  given.forEach((v, index) => {
    const square = v * v;
    let [power, sum, sumSlope] = [1, 0, 0]; // (1-eta v²)^k and Σ of it, with slope
    let powerSlope = 0;
    for (let k = 0; k < count; k++) {
      sum += power;
      sumSlope += powerSlope;
      powerSlope = powerSlope * (1 - eta * square) - power * square;
      power *= 1 - eta * square;
    }
    share[index] = power;
    shareSlope[index] = powerSlope;
    gain[index] = eta * v * sum;
    gainSlope[index] = v * (sum + eta * sumSlope);
  });
  return { share, gain, shareSlope, gainSlope };
}
