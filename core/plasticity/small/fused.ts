/**
 * A small recurrent network in one pass over its matrices a step: WebAssembly with SIMD, single precision, one thread. An episode's trace stays in the
 * processor's cache, and on the way back it is walked back by inverting its changes, so that hardly any of its history is stored.
 */
import { columnsOf, countRows, createConnections, readRows, writeRows } from './connections.ts';
import { createFusedMemory } from './fused-memory.ts';
import { createHeldProducts } from './held-products.ts';
import { instantiateKernel } from './kernel-module.ts';
import { createKeptTraces } from './kept-traces.ts';
import { isModulatedRule, requireLength, type SmallRecurrent, type SmallRecurrentOptions } from './small-recurrent.ts';
import { traceRules } from './trace-rule.ts';

/**
 * Memory: at most (9 + 2 ⌈√T⌉) N P + 3 (T + 1) P floats and a few vectors, P being N rounded up to a multiple of 4; of the 2 ⌈√T⌉ traces only those that
 * are needed. A network of 100 neurons for 250 steps takes 0.6 MB, and at most 1.9 MB.
 * @throws RangeError where that is more than the 4 GiB of WebAssembly.
 */
export function createFusedRecurrent(options: SmallRecurrentOptions): SmallRecurrent {
  const { neurons, steps, alphaKind } = options;
  const [n, p] = [countRows(neurons), columnsOf(neurons)];
  const plastic = alphaKind !== 'none';
  const isModulated = isModulatedRule(options.rule);
  const isRetroactive = options.rule === 'retroactive';
  const rule = traceRules[options.rule];
  const { memory, ys, gains, decays, ds, dys, anchors, repeated, single } = createFusedMemory(neurons, steps, {
    hasTrace: plastic,
    hasEligibility: isRetroactive,
  });
  const { cells, slopes, columns, drive, plainW, dW, dGain, dDecay, eligibility, dEligibility, sums } = single;
  const kernel = instantiateKernel(memory);
  const held = createHeldProducts(kernel, [p, p], ys, ds, dW.at);
  const connections = createConnections(kernel, neurons, cells.at, slopes.at, single.dense);
  const kept = createKeptTraces(steps, {
    anchors,
    repeated,
    copy: isRetroactive ? (to) => kernel.copyGroups((n * p) / 4, eligibility.at, 16, to, 16) : connections.copyTrace,
    advance: (t, from, to) => kernel.advance(n, p, from, to, ys.at[t - 1]!, gains.at[t]!, decays.at[t]!),
  });

  let eta = 0;
  let dEta = 0;
  let step = 0;
  /** m(t) of the change that step t leaves behind. */
  const modulators = new Float64Array(steps + 1);
  /** The latest step after which the trace was cleared; 0 where it was not. */
  let clearedAfter = 0;
  const rateOf = (t: number) => (isModulated && !isRetroactive ? modulators[t]! : eta);
  /** Without what is beyond N. */
  const [yViews, dViews] = [ys, ds].map((rows) => rows.of.map((row) => row.subarray(0, neurons))) as [Float32Array[], Float32Array[]];

  /** Back through the drive of step t and the change of the trace before it, which leaves dGain and dDecay. Gives ∂loss/∂m(t - 1) of a retroactive trace. */
  const connectionsBack = (t: number, d: number, dNow: number, dBefore: number): number => {
    const [now, before, gain, decay, old] = [ys.at[t - 1]!, ys.at[t - 2]!, gains.at[t - 1]!, decays.at[t - 1]!, kept.find(t - 1)];
    const [cell, slope, column, gainBack, decayBack] = [cells.at, slopes.at, columns.at, dGain.at, dDecay.at];
    if (!isRetroactive) {
      kernel.backward(n, p, cell, slope, column, old, d, now, before, gain, decay, dNow, dBefore, gainBack, decayBack, rule.isUniform);
      return 0;
    }
    const traces = [eligibility.at, dEligibility.at, old] as const;
    const change = [now, before, gain, decay, modulators[t - 1]!] as const;
    kernel.backwardRetroactive(n, p, cell, slope, column, ...traces, d, ...change, dNow, dBefore, gainBack, sums.at);
    dDecay.of.fill(0);
    dDecay.of.set(sums.of.subarray(0, 4));
    return fourOf(sums.of, 4);
  };

  /** Back through what y(t - 1) did: by the drive of step t, and by the change of the trace before that. Gives ∂loss/∂m(t - 1). */
  const recurBack = (t: number, d: number): number => {
    const [dNow, dBefore] = [dys.at[(t + 2) % 3]!, dys.at[(t + 1) % 3]!];
    if (!plastic) {
      kernel.backwardPlain(n, p, d, plainW.at, dNow);
      return 0;
    }
    const dModulator = connectionsBack(t, d, dNow, dBefore);
    const rate = rateOf(t - 1);
    kernel.changeBack(p, ys.at[t - 1]!, rate, rule.bend(rate), dGain.at, dDecay.at, dNow, sums.at);
    const dRate = rule.slope(fourOf(sums.of, 0), fourOf(sums.of, 4), fourOf(sums.of, 8));
    if (isModulated && !isRetroactive) return dRate;
    dEta += dRate;
    return dModulator;
  };

  return {
    setWeights: (weights) => {
      requireLength('w', weights.w, neurons ** 2);
      requireLength('alpha', weights.alpha, { free: neurons ** 2, yoked: 1, none: 0 }[alphaKind]);
      eta = weights.eta;
      dEta = 0;
      held.clear();
      dW.of.fill(0);
      if (!plastic) {
        writeRows(plainW.of, neurons, neurons, weights.w);
        return;
      }
      connections.write('w', weights.w);
      if (alphaKind === 'free') connections.write('alpha', weights.alpha);
      else connections.fillAlpha(weights.alpha[0]!);
      connections.beginSums();
    },

    begin: () => {
      held.flush();
      step = 0;
      clearedAfter = 0;
      ys.of[0]!.fill(0);
      for (const dy of dys.of) dy.fill(0);
      if (plastic) connections.beginEpisode();
      eligibility.of.fill(0);
      dEligibility.of.fill(0);
      kept.begin();
    },

    step: (input, modulator = 0) => {
      requireLength('a drive', input, neurons);
      if (step === steps) throw new RangeError(`this network has room for ${steps} steps`);
      modulators[step] = modulator;
      step++;
      drive.of.set(input);
      drive.of.fill(0, neurons);
      if (step > 1) {
        const t = step - 1;
        if (plastic) {
          const [y, yBefore, gain, decay, rate] = [ys.at[t]!, ys.at[t - 1]!, gains.at[t]!, decays.at[t]!, rateOf(t)];
          const smallest = kernel.change(p, y, rate, rule.keep(rate), rule.bend(rate), gain, decay);
          // The pair that step t leaves behind is not written either: it comes before the step that begins without a trace.
          if (t === clearedAfter) gains.of[t]!.fill(0);
          kept.keep(t, smallest);
          const [cell, column, into] = [cells.at, columns.at, drive.at];
          if (isRetroactive) kernel.forwardRetroactive(n, p, cell, column, eligibility.at, into, y, yBefore, gain, decay, modulators[t]!);
          else kernel.forward(n, p, cell, column, into, y, yBefore, gain, decay);
        } else kernel.forwardPlain(n, p, drive.at, plainW.at, ys.at[t]!);
      }
      kernel.squash(p, drive.at, ys.at[step]!);
      return yViews[step]!;
    },

    stepBack: (dy) => {
      requireLength('∂loss/∂y', dy, neurons);
      if (step === 0) throw new RangeError('every step of this episode has gone back already');
      if (clearedAfter > 0) throw new RangeError('an episode whose trace was cleared cannot go back');
      const t = step--;
      const place = held.place();
      const d = ds.of[place]!;
      d.set(dy);
      d.fill(0, neurons);
      // The place of ∂loss/∂y(t) in the ring is cleared: it is ∂loss/∂y(t - 3) from now on.
      kernel.squashBack(p, ys.at[t]!, dys.at[t % 3]!, ds.at[place]!);
      const modulator = t > 1 ? recurBack(t, ds.at[place]!) : 0;
      held.took(step);
      return { drive: dViews[place]!, modulator };
    },

    gradients: () => {
      held.flush();
      const alphas = () => connections.read('dAlpha');
      const sum = () => alphas().reduce((total, value) => total + value, 0);
      return {
        w: readRows(dW.of, neurons, neurons),
        alpha: { free: alphas, yoked: () => Float32Array.of(sum()), none: () => new Float32Array(0) }[alphaKind](),
        eta: dEta,
      };
    },
    ...(plastic
      ? {
          clearTrace: () => {
            clearedAfter = step;
            connections.beginEpisode();
            eligibility.of.fill(0);
          },
        }
      : {}),
    traceNorm: () => Math.sqrt(connections.read('trace').reduce((total, value) => total + value * value, 0)),
  };
}

/** The sum of what the kernel left in four parts. */
function fourOf(parts: Float32Array, at: number): number {
  return parts[at]! + parts[at + 1]! + parts[at + 2]! + parts[at + 3]!;
}
