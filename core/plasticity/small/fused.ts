/**
 * A small recurrent network in one pass over its matrices a step: WebAssembly with SIMD, single precision, one thread. An episode's trace stays in the
 * processor's cache, and on the way back it is walked back by inverting its changes, so that hardly any of its history is stored.
 */
import { columnsOf, countRows, createConnections, readRows, writeRows } from './connections.ts';
import { createFusedMemory } from './fused-memory.ts';
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
  /** Steps that have gone back, and whose part of dW is still to be added. */
  let held = 0;
  /** m(t) of the change that step t leaves behind. */
  const modulators = new Float64Array(steps + 1);
  /** The latest step after which the trace was cleared; 0 where it was not. */
  let clearedAfter = 0;
  const rateOf = (t: number) => (isModulated && !isRetroactive ? modulators[t]! : eta);

  const addHeld = () => {
    if (held > 0) kernel.addOuter(p, held, ys.at[step]!, ds.at[ds.at.length - held]!, dW.at);
    held = 0;
  };

  /** Back through what y(t - 1) did: by the drive of step t, and by the change of the trace before that. Gives ∂loss/∂m(t - 1). */
  const recurBack = (t: number, dAt: number): number => {
    const [before, earlier] = [(t + 2) % 3, (t + 1) % 3];
    if (!plastic) {
      kernel.backwardPlain(n, p, dAt, plainW.at, dys.at[before]!);
      return 0;
    }
    const [y, gain, decay] = [ys.at[t - 1]!, gains.at[t - 1]!, decays.at[t - 1]!];
    const [dNow, dBefore] = [dys.at[before]!, dys.at[earlier]!];
    const old = kept.find(t - 1);
    const connected = [n, p, cells.at, slopes.at, columns.at] as const;
    if (isRetroactive) {
      const traces = [eligibility.at, dEligibility.at, old] as const;
      const m = modulators[t - 1]!;
      kernel.backwardRetroactive(...connected, ...traces, dAt, y, ys.at[t - 2]!, gain, decay, m, dNow, dBefore, dGain.at, sums.at);
      dDecay.of.fill(0);
      dDecay.of.set(sums.of.subarray(0, 4));
    } else kernel.backward(...connected, old, dAt, y, ys.at[t - 2]!, gain, decay, dNow, dBefore, dGain.at, dDecay.at, rule.isUniform);
    const dRate = rule.differentiate(ys.of[t - 1]!, rateOf(t - 1), dGain.of, dDecay.of, dys.of[before]!);
    if (isModulated && !isRetroactive) return dRate;
    dEta += dRate;
    return isRetroactive ? sums.of.subarray(4).reduce((total, part) => total + part, 0) : 0;
  };

  return {
    setWeights: (weights) => {
      requireLength('w', weights.w, neurons ** 2);
      requireLength('alpha', weights.alpha, { free: neurons ** 2, yoked: 1, none: 0 }[alphaKind]);
      eta = weights.eta;
      dEta = 0;
      held = 0;
      dW.of.fill(0);
      if (!plastic) {
        writeRows(plainW.of, neurons, weights.w);
        return;
      }
      connections.write('w', weights.w);
      if (alphaKind === 'free') connections.write('alpha', weights.alpha);
      else connections.fillAlpha(weights.alpha[0]!);
      connections.beginSums();
    },

    begin: () => {
      addHeld();
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
          rule.write(ys.of[t]!, rateOf(t), gains.of[t]!, decays.of[t]!);
          // The pair that step t leaves behind is not written either: it comes before the step that begins without a trace.
          if (t === clearedAfter) gains.of[t]!.fill(0);
          kept.keep(t, decays.of[t]!);
          const change = [drive.at, ys.at[t]!, ys.at[t - 1]!, gains.at[t]!, decays.at[t]!] as const;
          if (isRetroactive) kernel.forwardRetroactive(n, p, cells.at, columns.at, eligibility.at, ...change, modulators[t]!);
          else kernel.forward(n, p, cells.at, columns.at, ...change);
        } else kernel.forwardPlain(n, p, drive.at, plainW.at, ys.at[t]!);
      }
      kernel.squash(p, drive.at, ys.at[step]!);
      return ys.of[step]!.subarray(0, neurons);
    },

    stepBack: (dy) => {
      requireLength('∂loss/∂y', dy, neurons);
      if (step === 0) throw new RangeError('every step of this episode has gone back already');
      if (clearedAfter > 0) throw new RangeError('an episode whose trace was cleared cannot go back');
      const t = step--;
      held++;
      const [y, dOwn, d] = [ys.of[t]!, dys.of[t % 3]!, ds.of[ds.at.length - held]!];
      for (let j = 0; j < neurons; j++) d[j] = (dy[j]! + dOwn[j]!) * (1 - y[j]! * y[j]!);
      // This place of the ring is ∂loss/∂y(t - 3) from now on.
      dOwn.fill(0);
      const modulator = t > 1 ? recurBack(t, ds.at[ds.at.length - held]!) : 0;
      if (held === ds.at.length) addHeld();
      return { drive: d.subarray(0, neurons), modulator };
    },

    gradients: () => {
      addHeld();
      const alphas = () => connections.read('dAlpha');
      const sum = () => alphas().reduce((total, value) => total + value, 0);
      return {
        w: readRows(dW.of, neurons),
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
