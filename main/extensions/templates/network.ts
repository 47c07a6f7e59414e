import type { Network, NetworkExtension, Protocol, Tensor } from 'engram';

// A recurrent network whose neurons keep a part of their activation from step to step, without plasticity:
//
//   y(t) = (1 - leak) y(t-1) + leak tanh(y(t-1) · w + bias + input(t)),   clamped neurons have their given values
//
// This file is a network that works as it is. Change it, or begin anew: docs/extending.md says what each part means.

export default {
  kind: 'network',
  title: 'Leaky recurrent network',
  meaning: 'a plain recurrent network whose neurons keep a part of their activation from step to step',

  // Hyper-parameters of its own: set in the form, with --set leak=0.3, and compared between runs.
  parameters: {
    leak: {
      kind: 'number',
      default: 0.5,
      minimum: 0.01,
      maximum: 1,
      meaning: 'Share of its activation that a neuron computes anew at a step.',
    },
  },

  create({ neurons, settings, operations, random, createLearned }): Network {
    const { tensor, add, addAll, subtract, multiply, scale, tanh, tanhGradient, matMul, matMulTransposed, concat, sumRows } = operations;
    const scaleW = Number(settings['initialW']);
    const leak = Number(settings['leak']);
    const learned = createLearned(
      operations,
      {
        w: {
          rows: neurons,
          columns: neurons,
          initial: Float32Array.from({ length: neurons ** 2 }, () => scaleW * random.normal()),
        },
        bias: { rows: 1, columns: neurons, initial: new Float32Array(neurons) },
      },
      {},
    );

    return {
      // As many columns as the protocol has neurons; every step is computed.
      width: neurons,
      learned,
      eta: undefined,
      steps: ({ steps }) => steps.map((_, index) => index + 1),
      weights: async () => ({ w: await learned.read('w'), bias: await learned.read('bias') }),

      // Inside `tidy`: whatever is made here lives until the batch is done.
      run(protocol, given, batch) {
        const w = learned.matrix('w');
        const bias = learned.matrix('bias');
        const row = (index: number) => tensor(given.slice(index * batch * neurons, (index + 1) * batch * neurons), [batch, neurons]);
        const ones = tensor(new Float32Array(neurons).fill(1), [1, neurons]);
        const y: Tensor[] = [tensor(new Float32Array(batch * neurons), [batch, neurons])];
        const squashed: Tensor[] = [];
        const masks: Tensor[] = [];

        for (const step of protocol.steps) {
          const before = y.at(-1)!;
          const drive = add(matMul(before, w), bias);
          const h = tanh(step.input === undefined ? drive : add(drive, row(step.input)));
          const mask = tensor(freeNeurons(protocol, step), [1, neurons]);
          const computed = add(scale(before, 1 - leak), scale(h, leak));
          y.push(add(multiply(computed, mask), multiply(row(step.given), subtract(ones, mask))));
          squashed.push(h);
          masks.push(mask);
        }

        return {
          activation: (step) => y[step]!,

          // Backwards, by hand: dy gives ∂loss/∂y(t) for the steps that the loss looks at.
          differentiate(dy) {
            const drives: Tensor[] = [];
            let later: Tensor | undefined;
            for (let t = protocol.steps.length; t >= 1; t--) {
              const parts = [later, dy.get(t)].filter((part) => part !== undefined);
              const whole = parts.length === 0 ? scale(y[0]!, 0) : addAll(parts);
              const free = multiply(whole, masks[t - 1]!);
              const dDrive = tanhGradient(squashed[t - 1]!, scale(free, leak));
              drives[t - 1] = dDrive;
              later = add(matMulTransposed(dDrive, operations.transposed(w)), scale(free, 1 - leak));
            }
            const all = concat(drives, 0);
            return { matrices: { w: matMul(concat(y.slice(0, -1), 0), all, true), bias: sumRows(all) }, numbers: {} };
          },
        };
      },
    };
  },
} satisfies NetworkExtension;

/** 1 where a step computes, 0 where a neuron is clamped, [N]. */
function freeNeurons({ neurons }: Protocol, { free, clamped = [] }: Protocol['steps'][number]): Float32Array {
  const mask = new Float32Array(neurons).fill(1, free.start, free.end);
  for (const neuron of clamped) mask[neuron] = 0;
  return mask;
}
