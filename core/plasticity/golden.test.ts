import { describe, expect, it } from 'vitest';
import { availableBackends } from '../backend/test-backends.ts';
import { differentiateDense, runDense } from './dense.ts';
import { checkGoldenEpisode, createGoldenCases, createGoldenInputs, goldenProtocol } from './golden.ts';
import type { GoldenCase } from './golden.ts';

/** The dense reference over the batch, as the file stores it: one string a row, eight digits. */
function referenceValues({ network }: GoldenCase, inputs: ReturnType<typeof createGoldenInputs>) {
  const { neurons, givens, steps } = goldenProtocol;
  const { batch } = inputs;
  const alpha = typeof network.alpha === 'object' ? Float64Array.from(network.alpha) : network.alpha;
  const dense = { rule: network.rule, w: Float64Array.from(network.w), alpha, eta: network.eta };
  const w = new Float64Array(neurons * neurons);
  const dAlpha = new Float64Array(typeof alpha === 'object' ? alpha.length : 1);
  let eta = 0;
  const trajectories = Array.from({ length: batch }, (_, b) => {
    const given = new Float64Array(givens * neurons);
    for (let g = 0; g < givens; g++)
      given.set(inputs.given.subarray((g * batch + b) * neurons, (g * batch + b + 1) * neurons), g * neurons);
    const trajectory = runDense(goldenProtocol, dense, given);
    const dy = new Map([...inputs.dy].map(([step, values]) => [step, Float64Array.from(values.subarray(b * neurons, (b + 1) * neurons))]));
    const gradients = differentiateDense(goldenProtocol, dense, trajectory, dy);
    gradients.w.forEach((value, index) => (w[index]! += value));
    gradients.alpha.forEach((value, index) => (dAlpha[index]! += value));
    eta += gradients.eta;
    return trajectory.y;
  });
  const computing = steps.flatMap(({ free }, index) => (free.end > free.start ? [index + 1] : []));
  const y = computing.flatMap((step) => trajectories.map((trajectory) => trajectory[step]!));
  return { y: y.map(written), w: rows(w, neurons), alpha: rows(dAlpha, neurons), eta: [written([eta])] };
}

const written = (values: Iterable<number>) => [...values].map((value) => String(Number(value.toPrecision(8)))).join(' ');
const rows = (values: Float64Array, length: number) =>
  Array.from({ length: Math.ceil(values.length / length) }, (_, row) => written(values.subarray(row * length, (row + 1) * length)));

describe('the golden episode', () => {
  it('is stored as the dense reference has it', async () => {
    const inputs = createGoldenInputs();
    const all = Object.fromEntries(createGoldenCases(inputs).map((each) => [each.values, referenceValues(each, inputs)]));
    await expect(`${JSON.stringify(all, null, 2)}\n`).toMatchFileSnapshot('./golden-values.json');
  });
});

describe.each(await availableBackends({ emulated: true }))('the golden episode on $name', ({ backend: { operations } }) => {
  it('is reproduced, and nothing stays in memory', async () => {
    const before = operations.liveTensors();
    expect(await checkGoldenEpisode(operations)).toEqual({ ok: true });
    expect(operations.liveTensors()).toBe(before);
  });

  it.each([
    ['tanh', 'activations'],
    ['tanhGradient', 'gradient of w'],
  ] as const)('is not reproduced when %s is slightly wrong', async (name, what) => {
    const wrong = {
      ...operations,
      [name]: (...operands: Parameters<typeof operations.tanhGradient>) => operations.scale(operations[name](...operands), 1.001),
    };
    const check = await checkGoldenEpisode(wrong);
    expect(check).toEqual({ ok: false, reason: expect.stringContaining(what) });
  });

  it('says what a failing backend said', async () => {
    const wrong = {
      ...operations,
      tanh: () => {
        throw new Error('out of memory');
      },
    };
    const before = operations.liveTensors();
    expect(await checkGoldenEpisode(wrong)).toEqual({ ok: false, reason: expect.stringContaining('out of memory') });
    expect(operations.liveTensors()).toBe(before);
  });
});
