/**
 * A plan: which products an episode needs, derived from its protocol alone. A plan is plain data; it can be printed and compared.
 *
 * hebb(t) is a sum of outer products of activations (u, v) = (y(s-1), y(s)) written since the chunk began, on top of the dense trace
 * at its beginning. Activations are numbered within a chunk by first appearance, so the u's and v's that a step may need are always
 * the first rows of the chunk's table, and reading them costs a slice, not a gather.
 */
import { paddedWidth, productColumns } from './layout.ts';
import { isMixture, mixByTarget } from './mixture.ts';
import { checkProtocol, isFullyClamped } from './protocol.ts';
import type { LeftFactor } from './mixture.ts';
import type { NeuronRange, Protocol } from './protocol.ts';

/** Where a row of a chunk's table comes from. */
export type ActivationSource = { readonly kind: 'given'; readonly given: number } | { readonly kind: 'computed'; readonly step: number };

/** hebb gains c · u_sᵀ v_s at step `step`; `u` and `v` are rows of the chunk's table. */
export interface Term {
  readonly step: number;
  readonly u: number;
  readonly v: number;
}

/** What a sum over the chunk's terms refers to, as it stands before step `step`. */
export interface TermSum {
  readonly step: number;
  /** The left factors that the sum runs over, in the order in which they are arranged; each u written so far is in it once. */
  readonly order: readonly LeftFactor[];
  /** Rows v that their coefficients refer to: 0..values-1. */
  readonly values: number;
  /** Rows that the table has by then; those since the step before are appended together. */
  readonly tableRows: number;
  /** The sum's columns: the neurons whose drive is evaluated, widened to whole vector registers. */
  readonly columns: NeuronRange;
}

/** One step in which at least one neuron computes. */
export interface ComputingStep extends TermSum {
  /** Row of y(t-1) in the chunk's table; undefined where y(t-1) = y(0) = 0. */
  readonly previous: number | undefined;
  /** Whether y(t-1) is given, so that nothing is to be learned by changing it. */
  readonly previousIsGiven: boolean;
  /** The first `kept` of `order` are the arrangement of an earlier step with the same y(t-1) and columns: its products serve again. */
  readonly kept: number;
  /** Key under which a later step finds this arrangement's products; undefined where none will. */
  readonly keepAs: string | undefined;
  /** The next of `order`: products are symmetric in u and y(t-1), and these pairs were multiplied the other way round. */
  readonly known: readonly ProductPlace[];
  /** The rest of `order`, multiplied anew; mixtures come last. */
  readonly fresh: readonly LeftFactor[];
  /** The part of `fresh` for which x or y(t-1) depends on parameters, ends trimmed. */
  readonly learned: NeuronRange;
}

/** Where a product u ∘ y(t-1) · alpha is to be found: place `at` of the arrangement of step `step`. */
export interface ProductPlace {
  readonly step: number;
  readonly at: number;
}

/** Consecutive steps that share one dense trace, the one at their beginning. */
export interface Chunk {
  readonly first: number;
  readonly last: number;
  /** Whether a dense trace from earlier chunks enters the drive. */
  readonly hasTrace: boolean;
  /** The sum that is folded into the dense trace for the next chunk, where a later chunk computes. */
  readonly fold: TermSum | undefined;
  readonly table: readonly ActivationSource[];
  readonly terms: readonly Term[];
  readonly steps: readonly ComputingStep[];
}

export interface Plan {
  readonly protocol: Protocol;
  /** Neurons as stored: padded with silent ones to whole vector registers, which makes thin products up to twice as fast. */
  readonly width: number;
  readonly chunks: readonly Chunk[];
}

export interface PlanOptions {
  /** Steps a chunk; Infinity gives the factored form, 1 the dense one. */
  readonly chunkLength: number;
  /** Keep products for the next time that their pair of activations meets (fewer products, a few more small operations). */
  readonly keepProducts: boolean;
  /** Multiply mixtures where terms share v. Only for the Hebb rule, whose coefficients are the same for all columns, and free alphas. */
  readonly mixTerms: boolean;
}

/**
 * Plans an episode.
 * @throws InputError `protocol-invalid` when the protocol contradicts itself.
 */
export function createPlan(protocol: Protocol, options: PlanOptions): Plan {
  checkProtocol(protocol);
  const chunks: Chunk[] = [];
  for (const { start, end } of stretches(protocol)) {
    const length = Math.max(1, Math.min(options.chunkLength, end - start));
    const lastComputing = protocol.steps.slice(0, end - 1).findLastIndex((step) => !isFullyClamped(step)) + 1;
    for (let first = start; first < end; first += length) {
      const last = Math.min(first + length, end) - 1;
      chunks.push(planChunk(protocol, { first, last, hasTrace: first > start, folds: lastComputing > last }, options));
    }
  }
  return { protocol, width: paddedWidth(protocol.neurons), chunks };
}

/** Steps `start` (included) to `end` (excluded) between which nothing of the trace is handed on. */
function stretches({ steps, clearedAt = 1 }: Protocol): NeuronRange[] {
  const end = steps.length + 1;
  return clearedAt === 1
    ? [{ start: 1, end }]
    : [
        { start: 1, end: clearedAt },
        { start: clearedAt, end },
      ];
}

/** The source of y(t); undefined for y(0) = 0. */
function activationSource(protocol: Protocol, step: number): ActivationSource | undefined {
  const at = protocol.steps[step - 1];
  if (!at) return undefined;
  return isFullyClamped(at) ? { kind: 'given', given: at.given } : { kind: 'computed', step };
}

const sourceKey = (source: ActivationSource) => (source.kind === 'given' ? `g${source.given}` : `c${source.step}`);

/** @param place of the chunk; `folds`: whether a later chunk needs its trace. */
function planChunk(
  protocol: Protocol,
  { first, last, hasTrace, folds }: Pick<Chunk, 'first' | 'last' | 'hasTrace'> & { readonly folds: boolean },
  { keepProducts, mixTerms }: PlanOptions,
): Chunk {
  const table: ActivationSource[] = [];
  const rowOf = new Map<string, number>();
  const row = (step: number): number | undefined => {
    const source = activationSource(protocol, step);
    if (!source) return undefined;
    const key = sourceKey(source);
    if (!rowOf.has(key)) {
      rowOf.set(key, table.length);
      table.push(source);
    }
    return rowOf.get(key);
  };
  const terms: Term[] = [];
  const onlyTerms = new Map<number, Term>(); // computed activation u → its term: it is written once
  let [rows, values] = [0, 0]; // that terms so far refer to
  const steps: ComputingStep[] = [];
  const arrangements = new Map<string, { readonly order: readonly LeftFactor[]; readonly rows: number }>();
  const places = new Map<string, ProductPlace>();
  const width = paddedWidth(protocol.neurons);
  const isLearned = (factor: LeftFactor) => isMixture(factor) || table[factor]!.kind === 'computed';
  const allRows = () => Array.from({ length: rows }, (_, u) => u);
  const sumBefore = (step: number, columns: NeuronRange): TermSum => ({
    step,
    order: allRows(),
    values,
    tableRows: table.length,
    columns,
  });
  let previous = row(first - 1);
  for (let step = first; step <= last; step++) {
    const at = protocol.steps[step - 1]!;
    if (!isFullyClamped(at)) {
      const sum = sumBefore(step, productColumns(at.free, width));
      const place = `${sum.columns.start}:${sum.columns.end}`;
      const pair = (u: number) => `${Math.min(u, previous ?? 0)}:${Math.max(u, previous ?? 0)}:${place}`;
      const previousIsGiven = previous !== undefined && table[previous]!.kind === 'given';
      const keepAs = keepProducts && previousIsGiven ? `${previous}:${place}` : undefined;
      const { order: kept, rows: keptRows } = (keepAs === undefined ? undefined : arrangements.get(keepAs)) ?? { order: [], rows: 0 };
      const rest = allRows().slice(keptRows); // a kept arrangement holds rows 0..keptRows-1
      const known = rest.filter((u) => places.has(pair(u)));
      const unknown = rest.filter((u) => !places.has(pair(u)));
      const fresh = mixTerms ? mixByTarget(unknown, onlyTerms, step) : unknown;
      const order = [...kept, ...known, ...fresh];
      const learned = (index: number) => !previousIsGiven || isLearned(fresh[index]!);
      steps.push({
        ...sum,
        order,
        previous,
        previousIsGiven,
        kept: kept.length,
        keepAs,
        known: known.map((u) => places.get(pair(u))!),
        fresh,
        learned: trim({ start: 0, end: fresh.length }, learned),
      });
      if (keepAs !== undefined) arrangements.set(keepAs, { order, rows });
      if (keepProducts) {
        const at = kept.length + known.length;
        fresh.forEach((factor, index) => {
          if (!isMixture(factor)) places.set(pair(factor), { step, at: at + index });
        });
      }
    }
    const current = row(step)!;
    if (previous !== undefined) {
      const term = { step, u: previous, v: current };
      terms.push(term);
      if (table[previous]!.kind === 'computed') onlyTerms.set(previous, term);
      rows = Math.max(rows, previous + 1);
      values = Math.max(values, current + 1);
    }
    previous = current;
  }
  const fold = folds ? sumBefore(last + 1, { start: 0, end: width }) : undefined;
  return { first, last, hasTrace, fold, table, terms, steps };
}

/** `range` without the rows at its ends that don't fulfil `wanted`. */
function trim(range: NeuronRange, wanted: (row: number) => boolean): NeuronRange {
  let { start, end } = range;
  while (start < end && !wanted(start)) start++;
  while (end > start && !wanted(end - 1)) end--;
  return { start, end };
}
