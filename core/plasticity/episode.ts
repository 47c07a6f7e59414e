/**
 * Runs a batch of episodes by a plan, without ever building the trace inside a chunk, and differentiates them by hand.
 * Notation is the paper's (Miconi, Stanley, Clune 2018, arXiv 1804.02464, eqs. 1-4); B episodes, N neurons stored as `width`.
 */
import { createColumnMatrix } from './column-matrix.ts';
import { differentiateChunk } from './chunk-gradient.ts';
import { runChunk } from './chunk.ts';
import { createGivenVectors } from './given.ts';
import { createProductGradient } from './product-gradient.ts';
import type { Operations, Tensor } from '../backend/operations.ts';
import type { ChunkRun, Episode } from './chunk.ts';
import type { EtaGradient } from './rule.ts';
import type { Plan } from './plan.ts';
import type { Rule } from './protocol.ts';

/** What an episode is run with. Matrices are [width, width] as [pre, post], zero in the padding. */
export interface PlasticNetwork {
  readonly rule: Rule;
  readonly w: Tensor;
  /** A matrix (free), a number (yoked) or undefined (non-plastic). */
  readonly alpha: Tensor | number | undefined;
  readonly eta: number;
}

/**
 * An episode that has run. Every form gives one: a chunk of all steps (factored), of some (chunked), of one (dense).
 */
export interface Trajectory {
  /** y(step), [B, width], for a step that computes. Valid within the scope that the episode ran in. */
  activation(step: number): Tensor;
  /**
   * Backpropagates through the whole episode. Call once.
   * @param dy step → ∂loss/∂y(step), [B, width], for steps that compute.
   */
  differentiate(dy: ReadonlyMap<number, Tensor>): EpisodeGradients;
}

/** Tensors belong to the scope that the episode ran in. */
export interface EpisodeGradients {
  /** [width, width]. */
  readonly w: Tensor;
  /** [width, width] for free alphas. */
  readonly alpha: Tensor | undefined;
  /** ∂loss/∂alpha of a yoked network is the sum of all elements of these. */
  readonly yokedAlpha: readonly Tensor[];
  /** ∂loss/∂eta is the sum of Σ tensor ∘ factors over these. */
  readonly eta: readonly EtaGradient[];
}

export interface EpisodeOptions {
  /** Keep what gradients need. */
  readonly forGradients: boolean;
}

/**
 * Runs a batch. Must be called inside `operations.tidy`, which owns everything that is kept.
 * @param given [G, B, N]: the vectors that the protocol's steps name, for each episode of the batch.
 * @throws RangeError when `given` has another size.
 */
export function runEpisode(
  operations: Operations,
  plan: Plan,
  network: PlasticNetwork,
  given: Float32Array,
  batch: number,
  options: EpisodeOptions,
): Trajectory {
  const { protocol, width } = plan;
  const expected = protocol.givens * batch * protocol.neurons;
  if (given.length !== expected) throw new RangeError(`given vectors must be ${expected} numbers [G, B, N], not ${given.length}`);
  const wGradient = createProductGradient(operations, width);
  const alphaGradient = createProductGradient(operations, width);
  const yokedAlpha: Tensor[] = [];
  const { alpha } = network;
  const episode: Episode = {
    operations,
    plan,
    batch,
    width,
    network,
    given: createGivenVectors(operations, protocol, width, batch, given),
    w: createColumnMatrix(operations, network.w, batch),
    alpha: typeof alpha === 'object' ? createColumnMatrix(operations, alpha, batch) : undefined,
    wGradient,
    alphaGradient,
    addAlphaGradient: (part) => (typeof alpha === 'object' ? alphaGradient.addWhole(part) : yokedAlpha.push(part)),
    activations: new Map(),
    forGradients: options.forGradients,
  };
  const runs: ChunkRun[] = [];
  let trace: Tensor | undefined;
  for (const chunk of plan.chunks) {
    const run = runChunk(episode, chunk, trace);
    trace = run.traceAfter;
    if (options.forGradients) runs.push(run);
  }
  return {
    activation: (step) => episode.activations.get(step)!,
    differentiate: (dy) => {
      const pending = new Map([...dy].map(([step, gradient]) => [step, [operations.reshape(gradient, [1, batch * width])]]));
      const eta: EtaGradient[] = [];
      let dTrace: Tensor | undefined;
      for (const run of runs.reverse()) {
        dTrace = differentiateChunk(episode, run, dTrace, pending);
        eta.push(...(run.rule?.etaGradients() ?? []));
      }
      return { w: wGradient.evaluate(), alpha: typeof alpha === 'object' ? alphaGradient.evaluate() : undefined, yokedAlpha, eta };
    },
  };
}
