/**
 * What a plan costs, counted from the plan itself, and how forms rank. The machine's speeds are rough constants of a small
 * workstation: they only have to rank the forms, and a bench checks that they do.
 */
import { isMixture } from './mixture.ts';
import { createPlan } from './plan.ts';
import { isFullyClamped } from './protocol.ts';
import type { Chunk, ComputingStep, Plan, PlanOptions } from './plan.ts';
import type { AlphaKind, Protocol, Rule } from './protocol.ts';

/** Floating-point operations a second of a large matrix product. */
const productSpeed = 1e11;
/** Bytes a second that elementwise operations and thin products read and write. */
const memorySpeed = 1.5e10;
/** Seconds that any operation costs, however small. */
const operationTime = 1.5e-5;

/** The trace after it and alpha times that; ∂loss/∂both, and their sum. */
const matricesAFold = 5;

export interface PlanCost {
  /** Products y(t-1) ∘ u multiplied by alpha, an episode. */
  readonly rows: number;
  readonly flops: { readonly forward: number; readonly backward: number };
  /** Bytes read and written outside of large products. */
  readonly bytes: number;
  readonly operations: number;
  /** Dense traces, and what the way back makes of each, that live at the same time: matrices of [width, width], an episode. */
  readonly matrices: number;
  /** By the rough speeds above: for ranking. */
  readonly seconds: number;
}

/** What a form is, for people. */
export type FormName = 'factored' | 'chunked' | 'dense';

export interface Candidate {
  readonly form: FormName;
  readonly options: PlanOptions;
  readonly cost: PlanCost;
}

class Tally {
  rows = 0;
  forward = 0;
  backward = 0;
  bytes = 0;
  operations = 0;
  seconds = 0;

  /** A product [m, k] · [k, n]: limited by arithmetic, or by reading the matrix. */
  product(direction: 'forward' | 'backward', m: number, k: number, n: number, times = 1): void {
    const flops = 2 * m * k * n;
    this[direction] += flops * times;
    this.operations += times;
    this.seconds += times * (Math.max(flops / productSpeed, (4 * (m * k + k * n + m * n)) / memorySpeed) + operationTime);
  }

  /** Elementwise passes over `count` numbers in `operations` operations. */
  pass(count: number, passes: number, operations: number): void {
    this.bytes += 4 * count * passes;
    this.operations += operations;
    this.seconds += (4 * count * passes) / memorySpeed + operations * operationTime;
  }
}

/** The cost of one iteration over `batch` episodes, values and gradients (without the optimiser). */
export function planCost(plan: Plan, batch: number, alphaKind: AlphaKind): PlanCost {
  const tally = new Tally();
  const { width } = plan;
  for (const chunk of plan.chunks) {
    for (const step of chunk.steps) countStep(tally, step, width, batch, alphaKind);
    if (alphaKind !== 'none') countTrace(tally, chunk, width, batch);
  }
  const steps = plan.chunks.flatMap((chunk) => chunk.steps);
  const fresh = steps.reduce((sum, step) => sum + step.fresh.length, 0);
  tally.product('backward', width, steps.length * batch, width); // dw
  if (alphaKind === 'free' && fresh > 0) tally.product('backward', width, fresh * batch, width); // dalpha
  const { rows, forward, backward, bytes, operations, seconds } = tally;
  const folds = alphaKind === 'none' ? 0 : plan.chunks.filter(({ fold }) => fold !== undefined).length;
  return { rows, flops: { forward, backward }, bytes, operations, matrices: matricesAFold * folds, seconds };
}

function countStep(tally: Tally, step: ComputingStep, width: number, batch: number, alphaKind: AlphaKind): void {
  const columns = step.columns.end - step.columns.start;
  tally.product('forward', batch, width, columns);
  if (!step.previousIsGiven) tally.product('backward', batch, columns, width);
  tally.pass(batch * width, 12, 20);
  const rows = step.order.length;
  if (alphaKind === 'none' || rows === 0) return;
  const fresh = step.fresh.length;
  const learned = step.learned.end - step.learned.start;
  tally.product('forward', rows, step.values, batch * columns);
  tally.product('backward', rows, step.values, batch * columns, 2);
  tally.pass(rows * batch * width, 9, 12);
  if (alphaKind === 'yoked') return;
  tally.rows += fresh;
  if (step.fresh.some(isMixture)) countMixtures(tally, step, width, batch);
  if (fresh > 0) tally.product('forward', fresh * batch, width, columns);
  if (learned > 0) tally.product('backward', learned * batch, columns, width);
  tally.pass(fresh * batch * width, 14, 8);
  if (fresh < rows) tally.pass(rows * batch * columns, 4, 5 + 3 * step.known.length);
}

/** X = E · A forward and once more on the way back, and what the way back gives to A and to the mixtures' part of E. */
function countMixtures(tally: Tally, { fresh, tableRows }: ComputingStep, width: number, batch: number): void {
  tally.product('forward', fresh.length, tableRows, batch * width);
  tally.product('backward', fresh.length, tableRows, batch * width, 2);
  tally.product('backward', fresh.filter(isMixture).length, batch * width, tableRows);
}

function countTrace(tally: Tally, chunk: Chunk, width: number, batch: number): void {
  const trace = batch * width * width;
  if (chunk.hasTrace && chunk.steps.length > 0) {
    for (let step = 0; step < chunk.steps.length; step++) {
      tally.product('forward', 1, width, width * batch);
      tally.product('backward', 1, width, width * batch);
    }
    tally.product('backward', width, chunk.steps.length, width * batch);
    tally.pass(trace, 12, 8);
  }
  if (chunk.fold) {
    tally.product('forward', width, chunk.fold.order.length, width * batch);
    tally.product('backward', chunk.fold.order.length, width, width * batch, 2);
    tally.pass(trace, chunk.hasTrace ? 12 : 4, 10);
  }
}

/** What a plan is to serve. */
export interface EpisodeKind {
  readonly batch: number;
  readonly alphaKind: AlphaKind;
  readonly rule: Rule;
}

/** Pairs of steps that a plan is counted with. Beyond, long chunks are by far the dearest forms, and their plans take minutes and gigabytes. */
const mostPairs = 2e6;

/** Every form that is considered, cheapest first. */
export function rankForms(protocol: Protocol, { batch, alphaKind, rule }: EpisodeKind): Candidate[] {
  const lengths = chunkLengths(protocol);
  const mixTerms = rule === 'hebb' && alphaKind === 'free';
  const kept = (chunkLength: number) => (alphaKind === 'free' && chunkLength > 1 ? [true, false] : [false]);
  return lengths
    .flatMap((chunkLength) => kept(chunkLength).map((keepProducts): PlanOptions => ({ chunkLength, keepProducts, mixTerms })))
    .map((options): Candidate => {
      const form = options.chunkLength === Infinity ? 'factored' : options.chunkLength === 1 ? 'dense' : 'chunked';
      return { form, options, cost: planCost(createPlan(protocol, options), batch, alphaKind) };
    })
    .sort((a, b) => a.cost.seconds - b.cost.seconds);
}

function chunkLengths({ steps }: Protocol): number[] {
  const computing = steps.filter((step) => !isFullyClamped(step)).length;
  const lengths = [Infinity];
  for (let length = Math.ceil(steps.length / 2); length > 1; length = Math.ceil(length / 2)) lengths.push(length);
  return [...lengths.filter((length) => computing * Math.min(length, computing) <= mostPairs), 1];
}
