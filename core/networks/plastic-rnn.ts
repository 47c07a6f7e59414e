/** The plastic recurrent network of the paper: w, alpha and eta, learned, on a backend. */
import type { Operations } from '../backend/operations.ts';
import type { NamedArray } from '../files/named-arrays.ts';
import { runEpisode } from '../plasticity/episode.ts';
import { paddedWidth } from '../plasticity/layout.ts';
import { createPlanChooser } from '../plasticity/plan-chooser.ts';
import { isFullyClamped, type AlphaKind, type Rule } from '../plasticity/protocol.ts';
import type { RandomStream } from '../random.ts';
import { createLearned, type LearnedMatrix } from './learned.ts';
import type { Network } from './network.ts';

export interface PlasticRnnOptions {
  readonly neurons: number;
  readonly alphaKind: AlphaKind;
  readonly rule: Rule;
  /** Standard deviations before training; a yoked alpha begins at `initialAlpha`. */
  readonly initialW: number;
  readonly initialAlpha: number;
  readonly initialEta: number;
}

/**
 * `weights` gives `w` and `alpha` [N, N] as [pre, post] (`alpha` filled with its one value when yoked, zero when non-plastic), `eta` [1].
 * @param random draws w, then alpha, standard normal times the initial scale, when they are first needed: it must not be drawn from elsewhere.
 */
export function createPlasticRnn(operations: Operations, options: PlasticRnnOptions, random: RandomStream): Network {
  const { neurons, alphaKind, rule } = options;
  const width = paddedWidth(neurons);
  const drawMatrix = (scale: number): LearnedMatrix => ({
    rows: neurons,
    columns: neurons,
    stored: { rows: width, columns: width },
    initial: () => Float32Array.from({ length: neurons * neurons }, () => scale * random.normal()),
  });
  const w = drawMatrix(options.initialW);
  const learned = createLearned(
    operations,
    alphaKind === 'free' ? { w, alpha: drawMatrix(options.initialAlpha) } : { w },
    alphaKind === 'none' ? {} : { eta: options.initialEta, ...(alphaKind === 'yoked' ? { alpha: options.initialAlpha } : {}) },
  );
  // Whoever only looks, at whatever time, must not decide how training computes.
  const [plans, plansOfLooking] = [createPlanChooser(), createPlanChooser()];
  const eta = () => (alphaKind === 'none' ? undefined : learned.number('eta'));
  const alpha = { free: () => learned.matrix('alpha'), yoked: () => learned.number('alpha'), none: () => undefined }[alphaKind];

  return {
    width,
    learned,
    plans,
    followsProtocol: true,
    get eta() {
      return eta();
    },
    steps: (protocol) => protocol.steps.flatMap((step, index) => (isFullyClamped(step) ? [] : [index + 1])),
    run: (protocol, given, batch, forWhat) => {
      const plan = (forWhat.forGradients ? plans : plansOfLooking).choose(protocol, { batch, alphaKind, rule });
      const network = { rule, w: learned.matrix('w'), alpha: alpha(), eta: eta() ?? options.initialEta };
      const trajectory = runEpisode(operations, plan, network, given, batch, forWhat);
      return {
        activation: trajectory.activation,
        differentiate: (dy) => {
          const gradients = trajectory.differentiate(dy);
          const { w, yokedAlpha } = gradients;
          return {
            matrices: gradients.alpha === undefined ? { w } : { w, alpha: gradients.alpha },
            numbers: {
              ...(alphaKind === 'none' ? {} : { eta: gradients.eta }),
              ...(alphaKind === 'yoked' ? { alpha: yokedAlpha.map((tensor) => ({ tensor })) } : {}),
            },
          };
        },
      };
    },
    weights: async () => ({
      w: await learned.read('w'),
      alpha: alphaKind === 'free' ? await learned.read('alpha') : filled(alphaKind === 'yoked' ? learned.number('alpha') : 0, neurons),
      eta: { dtype: 'F32', shape: [1], data: Float32Array.of(eta() ?? options.initialEta) },
    }),
  };
}

function filled(value: number, neurons: number): NamedArray {
  return { dtype: 'F32', shape: [neurons, neurons], data: new Float32Array(neurons * neurons).fill(value) };
}
