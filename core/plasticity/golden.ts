/**
 * The golden episode: a small episode whose activations and gradients are stored, which a backend must reproduce before it is used.
 *
 * It is the images experiment in miniature: patterns shown several times with blank steps between, then one half clamped. The stored
 * values come from the dense reference in double precision (golden.test.ts checks that they still do).
 */
import golden from './golden-values.json' with { type: 'json' };
import { createRandom } from '../random.ts';
import { evaluateEpisode } from './evaluate.ts';
import { createPlan } from './plan.ts';
import type { Operations, Precision } from '../backend/operations.ts';
import type { PlainNetwork } from './evaluate.ts';
import type { PlanOptions } from './plan.ts';
import type { Protocol, ProtocolStep } from './protocol.ts';

export interface GoldenCase {
  /** Under which the expected values are stored. */
  readonly values: keyof typeof golden;
  readonly network: PlainNetwork;
  /** The forms that are checked against these values. */
  readonly forms: Readonly<Record<string, PlanOptions>>;
}

export type GoldenCheck = { readonly ok: true } | GoldenFailure;

export interface GoldenFailure {
  readonly ok: false;
  readonly reason: string;
}

/** Largest differences allowed: activations absolutely, gradients as a share of the largest entry of their kind. */
const goldenTolerances: Readonly<Record<Precision, Readonly<Record<'y' | 'w' | 'alpha' | 'eta', number>>>> = {
  float32: { y: 1e-5, w: 1e-4, alpha: 1e-4, eta: 1e-4 },
  // The gradient of eta is one number, a difference of larger ones.
  mixed: { y: 2e-2, w: 5e-2, alpha: 5e-2, eta: 0.25 },
};

const neurons = 12;
const batch = 2;
const half = 6;
const patterns = 2;

/** The last neuron is the bias: clamped to 1 throughout, in the blank vector too. */
export const goldenProtocol: Protocol = createGoldenProtocol();

function createGoldenProtocol(): Protocol {
  const blank = patterns;
  const shown = (given: number): ProtocolStep[] =>
    Array.from({ length: 3 }, () => ({ free: { start: 0, end: 0 }, given, label: `pattern ${given + 1}` }));
  const pause: ProtocolStep[] = Array.from({ length: 2 }, () => ({ free: { start: 0, end: neurons - 1 }, given: blank, label: 'blank' }));
  const test: ProtocolStep[] = Array.from({ length: 2 }, () => ({ free: { start: 0, end: half }, given: 0, label: 'test' }));
  return { neurons, givens: patterns + 1, steps: [...[0, 1, 1, 0].flatMap((given) => [...shown(given), ...pause]), ...test] };
}

/** What every case starts from. */
export function createGoldenInputs() {
  const random = createRandom(1, 'golden-episode');
  const numbers = (count: number, draw: () => number) => Float32Array.from({ length: count }, draw);
  const given = numbers((patterns + 1) * batch * neurons, () => 2 * random.uniform() - 1);
  given.fill(0, patterns * batch * neurons);
  for (let vector = 1; vector <= (patterns + 1) * batch; vector++) given[vector * neurons - 1] = 1;
  const w = numbers(neurons * neurons, () => 0.3 * random.normal());
  const alpha = numbers(neurons * neurons, () => 0.5 * random.normal());
  const lastStep = goldenProtocol.steps.length;
  // The loss looks at the end and, so that nothing hides, at one blank step.
  const dy = new Map([lastStep, 10].map((step) => [step, numbers(batch * neurons, () => random.normal())]));
  return { batch, given, w, alpha, eta: Math.fround(0.1), dy };
}

export function createGoldenCases({ w, alpha, eta }: ReturnType<typeof createGoldenInputs>): GoldenCase[] {
  const factored: PlanOptions = { chunkLength: Infinity, keepProducts: true, mixTerms: false };
  const hebbForms = {
    factored: { ...factored, mixTerms: true },
    'in chunks of 6 steps': { chunkLength: 6, keepProducts: false, mixTerms: true },
  };
  return [
    { values: 'hebb', network: { rule: 'hebb', w, alpha, eta }, forms: hebbForms },
    { values: 'oja', network: { rule: 'oja', w, alpha, eta }, forms: { factored } },
    { values: 'yoked', network: { rule: 'hebb', w, alpha: Math.fround(0.4), eta }, forms: { factored } },
  ];
}

/**
 * Runs the golden episode on a backend, forward and backward; takes milliseconds.
 * @returns why not, where the result differs from the stored one by more than its tolerances, or the backend fails.
 */
export async function checkGoldenEpisode(operations: Operations, precision: Precision = 'float32'): Promise<GoldenCheck> {
  const inputs = createGoldenInputs();
  for (const { values, network, forms } of createGoldenCases(inputs)) {
    for (const [form, options] of Object.entries(forms)) {
      try {
        const plan = createPlan(goldenProtocol, options);
        const result = await evaluateEpisode(operations, plan, network, inputs.given, batch, inputs.dy);
        const y = Float32Array.from([...result.y].sort(([a], [b]) => a - b).flatMap(([, row]) => [...row]));
        const actual = { y, w: result.w, alpha: result.alpha, eta: [result.eta] };
        const fault = findDifference(actual, golden[values], precision);
        if (fault !== undefined) return { ok: false, reason: `the golden episode (${values}, ${form}) is not reproduced: ${fault}` };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return { ok: false, reason: `the golden episode (${values}, ${form}) can't be run: ${message}` };
      }
    }
  }
  return { ok: true };
}

type Stored = (typeof golden)['hebb'];

function findDifference(actual: Record<keyof Stored, ArrayLike<number>>, stored: Stored, precision: Precision): string | undefined {
  for (const name of ['y', 'w', 'alpha', 'eta'] as const) {
    const expected = stored[name].flatMap((row) => row.split(' ').map(Number));
    const scale = name === 'y' ? 1 : largest(expected);
    const allowed = goldenTolerances[precision][name];
    // A value that is missing or not a number counts as infinitely far away.
    const difference = largest(expected.map((value, index) => value - (actual[name][index] ?? Number.NaN))) / scale;
    if (difference <= allowed) continue;
    const what = name === 'y' ? 'activations differ' : `the gradient of ${name} differs`;
    return `${what} by ${difference.toExponential(1)}, where ${precision} allows ${allowed.toExponential(0)}`;
  }
  return undefined;
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => (Number.isNaN(value) ? Infinity : Math.max(most, Math.abs(value))), 0);
}
