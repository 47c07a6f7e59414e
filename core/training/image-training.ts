/** Supervised training of the images experiment: draw a batch, run it, go back through it, step. */
import { FailureError, InputError } from '../contract/errors.ts';
import { choosePlan } from '../plasticity/cost.ts';
import { runEpisode } from '../plasticity/episode.ts';
import { etaPart } from '../plasticity/evaluate.ts';
import { paddedWidth, resizeMatrix } from '../plasticity/layout.ts';
import { createPlasticRnn } from '../networks/plastic-rnn.ts';
import { createRandom, restoreRandom } from '../random.ts';
import { drawImageBatch, drawImageProtocol, imageNeurons } from '../tasks/image-reconstruction.ts';
import { adamStep, scheduledRate } from './adam.ts';
import { episodeArrays } from './episode-arrays.ts';
import type { Backend, Tensor } from '../backend/operations.ts';
import type { VariantName } from '../contract/run-spec.ts';
import type { ImageDataset } from '../data/grey-images.ts';
import type { ImagesParameters } from '../experiments/images.ts';
import type { EtaGradient } from '../plasticity/rule.ts';
import type { ImageBatch } from '../tasks/image-reconstruction.ts';
import type { Training, TrainingState } from './training.ts';

const alphaKinds = { free: 'free', yoked: 'yoked', 'non-plastic': 'none' } as const;

export function createImageTraining(
  options: ImagesParameters,
  variant: VariantName,
  seed: number,
  dataset: ImageDataset,
  backend: Backend,
): Training {
  const { operations } = backend;
  const neurons = imageNeurons(options);
  const pixels = neurons - 1;
  const width = paddedWidth(neurons);
  const alphaKind = alphaKinds[variant];
  const network = createPlasticRnn(operations, { ...options, neurons, width, alphaKind }, createRandom(seed, 'initial weights'));
  let protocols = createRandom(seed, 'protocols');
  let patterns = createRandom(seed, 'patterns');
  let iteration = 0;
  let episodes = 0;

  /** ∂/∂y of the mean over the batch of Σ (y - target)², [B, width]. Clamped neurons equal their target. */
  const lossGradient = (y: Tensor, batch: ImageBatch) => {
    const target = resizeMatrix(batch.targets, pixels, batch.batch, width);
    for (let episode = 0; episode < batch.batch; episode++) target[episode * width + pixels] = 1; // the bias neuron
    return operations.scale(operations.subtract(y, operations.tensor(target, [batch.batch, width])), 2 / batch.batch);
  };

  const heldOut = (episodeSeed: number) => {
    const random = createRandom(episodeSeed, 'held-out episode');
    return drawImageBatch(options, drawImageProtocol(options, random), dataset.evaluation, 1, random);
  };

  /** y of some computing steps of a batch, [B, N] each, without gradients. */
  const answer = async (batch: ImageBatch, steps: readonly number[]) => {
    const outputs = operations.tidy(() => {
      const plan = choosePlan(batch.protocol, { batch: batch.batch, alphaKind, rule: options.rule });
      const run = runEpisode(operations, plan, network.network(), batch.given, batch.batch, { forGradients: false });
      return steps.map((step) => operations.keep(run.activation(step)));
    });
    try {
      return (await operations.read(outputs)).map((values) => resizeMatrix(values, width, batch.batch, neurons));
    } finally {
      outputs.forEach((output) => operations.dispose(output));
    }
  };

  return {
    get iteration() {
      return iteration;
    },
    get episodes() {
      return episodes;
    },

    step: async (size) => {
      // A batch: one protocol, patterns of their own.
      const batch = drawImageBatch(options, drawImageProtocol(options, protocols), dataset.training, size, patterns);

      // Forward and backward through the episode.
      const { w, alpha, yokedParts, etaParts, measured, etaGradients } = operations.tidy(() => {
        const { keep } = operations;
        const plan = choosePlan(batch.protocol, { batch: size, alphaKind, rule: options.rule });
        const last = batch.protocol.steps.length;
        const run = runEpisode(operations, plan, network.network(), batch.given, size, { forGradients: true });
        const y = run.activation(last);
        const gradients = run.differentiate(new Map([[last, lossGradient(y, batch)]]));
        const squares = [gradients.w, gradients.alpha].filter((gradient) => gradient !== undefined).map(operations.sumSquares);
        return {
          w: keep(gradients.w),
          alpha: gradients.alpha && keep(gradients.alpha),
          yokedParts: gradients.yokedAlpha.map(keep),
          etaParts: gradients.eta.map(({ tensor }) => keep(tensor)),
          etaGradients: gradients.eta,
          measured: [y, ...squares].map(keep),
        };
      });
      try {
        // What the host must know of it, in one wait for the device.
        const values = await operations.read([...measured, ...yokedParts, ...etaParts]);
        const losses = squaredErrors(values[0]!, width, batch);
        const yokedAlpha = values
          .slice(measured.length, measured.length + yokedParts.length)
          .flatMap((part) => [...part])
          .reduce((a, b) => a + b, 0);
        const eta = etaGradient(values.slice(measured.length + yokedParts.length), etaGradients);
        const squares = values.slice(1, measured.length).reduce((sum, part) => sum + part[0]!, 0);
        const gradientNorm = Math.sqrt(squares + eta ** 2 + yokedAlpha ** 2);
        const loss = mean(losses);
        if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
          const what = Number.isFinite(loss) ? 'the gradient' : 'the loss';
          throw new FailureError(
            'loss-not-finite',
            `${what} is not finite at iteration ${iteration + 1}; the parameters stay as they were before it`,
          );
        }

        // One step of Adam, on a gradient no longer than `gradientClip` where that is asked for.
        const learningRate = scheduledRate(options.learningRate, options.learningRateDecay, options.learningRateDecayEvery, iteration + 1);
        const { adamBeta1: beta1, adamBeta2: beta2, adamEpsilon: epsilon } = options;
        const step = adamStep({ learningRate, beta1, beta2, epsilon }, iteration + 1);
        const shrink = options.gradientClip > 0 ? Math.min(1, options.gradientClip / gradientNorm) : 1;
        operations.tidy(() => {
          const clipped = (gradient: Tensor) => (shrink < 1 ? operations.scale(gradient, shrink) : gradient);
          network.update({ w: clipped(w), alpha: alpha && clipped(alpha), yokedAlpha: yokedAlpha * shrink, eta: eta * shrink }, step);
        });
        iteration++;
        episodes += size;
        return {
          iteration,
          episodes,
          batch: size,
          loss,
          relativeError: loss / mean(batch.zeroLosses),
          learningRate,
          eta: network.eta,
          gradientNorm,
        };
      } finally {
        for (const tensor of [w, alpha, ...measured, ...yokedParts, ...etaParts]) if (tensor) operations.dispose(tensor);
      }
    },

    evaluate: async (count) => {
      const losses: number[] = [];
      let zero = 0;
      for (let episodeSeed = 0; episodeSeed < count; episodeSeed++) {
        const batch = heldOut(episodeSeed);
        const [y] = await answer(batch, [batch.protocol.steps.length]);
        losses.push(...squaredErrors(y!, neurons, batch));
        zero += batch.zeroLosses[0]!;
      }
      const loss = mean(losses);
      return { episodes: count, loss, relativeError: (loss * count) / zero, losses };
    },

    reconstruct: async (episodeSeed) => {
      const batch = heldOut(episodeSeed);
      const [y] = await answer(batch, [batch.protocol.steps.length]);
      const image = (row: number) => batch.given.slice(row * neurons, row * neurons + pixels);
      return {
        seed: episodeSeed,
        width: options.imageSize,
        height: options.imageSize,
        shown: Array.from({ length: options.patterns }, (_, pattern) => image(pattern)),
        degraded: image(options.patterns + 1),
        reconstructed: y!.slice(0, pixels),
        target: batch.targets,
        loss: squaredErrors(y!, neurons, batch)[0]!,
      };
    },

    exportEpisode: async (episodeSeed) => {
      const batch = heldOut(episodeSeed);
      const computing = batch.protocol.steps.flatMap((step, index) => (step.free.end > step.free.start ? [index + 1] : []));
      const outputs = await answer(batch, computing);
      const computed = new Map(computing.map((step, index) => [step, outputs[index]!]));
      return episodeArrays(
        batch,
        computed,
        options.rule,
        network.eta,
        squaredErrors(computed.get(batch.protocol.steps.length)!, neurons, batch)[0]!,
      );
    },

    weights: network.weights,
    capture: async () => {
      const arrays = await network.capture();
      return { arrays, state: { iteration, episodes, opaque: { protocols: protocols.state(), patterns: patterns.state() } } };
    },
    restore: (saved) => {
      const streams = streamStates(saved);
      network.restore(saved.arrays);
      protocols = restoreRandom(streams.protocols);
      patterns = restoreRandom(streams.patterns);
      ({ iteration, episodes } = saved.state);
      return Promise.resolve();
    },
    liveTensors: operations.liveTensors,
    dispose: network.dispose,
  };
}

/** Σ over pixels of (y - target)², an episode each. @param y [B, stride]. */
function squaredErrors(y: Float32Array, stride: number, { targets, batch }: ImageBatch): number[] {
  const pixels = targets.length / batch;
  return Array.from({ length: batch }, (_, episode) => {
    let sum = 0;
    for (let pixel = 0; pixel < pixels; pixel++) sum += (y[episode * stride + pixel]! - targets[episode * pixels + pixel]!) ** 2;
    return sum;
  });
}

function etaGradient(values: readonly Float32Array[], parts: readonly EtaGradient[]): number {
  return parts.reduce((sum, { factors }, index) => sum + etaPart(values[index]!, factors), 0);
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

function streamStates({ state }: TrainingState): { protocols: readonly number[]; patterns: readonly number[] } {
  const { protocols, patterns } = (state.opaque ?? {}) as { protocols?: unknown; patterns?: unknown };
  if (!Array.isArray(protocols) || !Array.isArray(patterns)) {
    throw new InputError('checkpoint-mismatch', 'the checkpoint does not fit this training: it has no states of the random streams');
  }
  return { protocols: protocols as number[], patterns: patterns as number[] };
}
