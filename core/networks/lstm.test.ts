import { describe, expect, it } from 'vitest';
import { availableBackends } from '../backend/test-backends.ts';
import { resizeMatrix } from '../plasticity/layout.ts';
import type { Protocol } from '../plasticity/protocol.ts';
import { createRandom } from '../random.ts';
import { createLstm } from './lstm.ts';

const [neurons, inputs, batch, inputScale] = [6, 3, 2, 0.5];
const hidden = neurons - 1;
const step = (given: number, input?: number) => ({
  free: { start: 0, end: hidden },
  given,
  ...(input === undefined ? {} : { input }),
  label: '',
});
const protocol: Protocol = { neurons, givens: 3, steps: [step(2, 0), step(2, 0), step(2), step(2, 1), step(2)] };
const random = createRandom(5, 'lstm test');
const given = Float32Array.from({ length: 3 * batch * neurons }, () => random.normal());
const dy = new Map([3, 5].map((at) => [at, Float32Array.from({ length: batch * neurons }, () => random.normal())]));

type Weights = Readonly<Record<'input' | 'recurrent' | 'bias', ArrayLike<number>>>;

/** h(t) of one episode by the equations, in double precision. */
function hiddenUnits(weights: Weights, episode: number): Float64Array[] {
  const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
  let h = new Float64Array(hidden);
  let c = new Float64Array(hidden);
  return protocol.steps.map((at) => {
    const row = ((at.input ?? at.given) * batch + episode) * neurons;
    const z = Float64Array.from({ length: 4 * hidden }, (_, column) => {
      let drive = weights.bias[column]!;
      for (let i = 0; i < inputs; i++) drive += given[row + i]! * inputScale * weights.input[i * 4 * hidden + column]!;
      for (let i = 0; i < hidden; i++) drive += h[i]! * weights.recurrent[i * 4 * hidden + column]!;
      return drive;
    });
    const gate = (index: number, unit: number) => sigmoid(z[index * hidden + unit]!);
    c = c.map((value, unit) => gate(1, unit) * value + gate(0, unit) * Math.tanh(z[3 * hidden + unit]!));
    h = c.map((value, unit) => gate(2, unit) * Math.tanh(value));
    return h;
  });
}

/** Σ dy ∘ h, whose gradient `differentiate` gives. */
function loss(weights: Weights): number {
  let sum = 0;
  for (let episode = 0; episode < batch; episode++) {
    const h = hiddenUnits(weights, episode);
    for (const [at, values] of dy) for (let unit = 0; unit < hidden; unit++) sum += values[episode * neurons + unit]! * h[at - 1]![unit]!;
  }
  return sum;
}

describe.each(await availableBackends({ emulated: true }))('an LSTM on $name', ({ backend: { operations } }) => {
  it('computes its equations, and their gradient as central differences find it', async () => {
    const network = createLstm(operations, { neurons, inputs, inputScale }, createRandom(1, 'weights'));
    const arrays = await network.weights();
    const weights = Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, Float64Array.from(data)])) as Record<
      keyof Weights,
      Float64Array
    >;
    const kept = operations.tidy(() => {
      const run = network.run(protocol, given, batch, { forGradients: true });
      const wide = new Map([...dy].map(([at, values]) => [at, operations.tensor(values, [batch, neurons])]));
      const { input, recurrent, bias } = run.differentiate(wide).matrices;
      return [run.activation(1), run.activation(5), input!, recurrent!, bias!].map(operations.keep);
    });
    const [first, last, ...gradients] = await operations.read(kept);
    kept.forEach((tensor) => operations.dispose(tensor));
    for (let episode = 0; episode < batch; episode++) {
      const h = hiddenUnits(weights, episode);
      [first!, last!].forEach((values, index) => {
        const found = resizeMatrix(values, neurons, batch, neurons).slice(episode * neurons, (episode + 1) * neurons);
        h[index === 0 ? 0 : 4]!.forEach((value, unit) => expect(found[unit]).toBeCloseTo(value, 5));
        expect(found[hidden]).toBe(0);
      });
    }
    for (const [index, name] of (['input', 'recurrent', 'bias'] as const).entries()) {
      weights[name].forEach((value, at) => {
        const around = [1e-5, -1e-5].map((shift) => loss({ ...weights, [name]: weights[name].with(at, value + shift) }));
        expect(gradients[index]![at]).toBeCloseTo((around[0]! - around[1]!) / 2e-5, 4);
      });
    }
    network.learned.dispose();
  });
});
