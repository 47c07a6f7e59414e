/** What a training in progress can do, whatever its experiment: the trainer drives this and nothing else. */
import type { NamedArrays } from '../files/safetensors.ts';

/** The result of one optimiser step; its keys (but `iteration`, `episodes`) are the run's metrics. */
export interface IterationMetrics {
  /** Optimiser steps done, this one included. */
  readonly iteration: number;
  /** Training episodes done, this iteration's included. */
  readonly episodes: number;
  /** Episodes in this iteration (the last batch may be smaller). */
  readonly batch: number;
  /** Mean over the batch of the squared error summed over the image's pixels at the last step. */
  readonly loss: number;
  /** `loss` ÷ mean loss of answering zero in the erased half, over the same episodes. */
  readonly relativeError: number;
  readonly learningRate: number;
  readonly eta: number;
  /** Euclidean norm of the whole gradient before clipping. */
  readonly gradientNorm: number;
}

export interface EvaluationResult {
  readonly episodes: number;
  readonly loss: number;
  readonly relativeError: number;
  /** Loss of each episode, in order. */
  readonly losses: readonly number[];
}

/** One held-out episode for people's eyes; every array is a 32×32 image, row-major, signed. */
export interface Reconstruction {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly shown: readonly Float32Array[];
  readonly degraded: Float32Array;
  readonly reconstructed: Float32Array;
  readonly target: Float32Array;
  readonly loss: number;
}

/** Everything needed to continue exactly: arrays for safetensors, `state` as JSON. */
export interface TrainingState {
  readonly arrays: NamedArrays;
  readonly state: {
    readonly iteration: number;
    readonly episodes: number;
    /** Random streams' states and the like; opaque to the trainer, restored verbatim. */
    readonly opaque: unknown;
  };
}

export interface Training {
  readonly iteration: number;
  readonly episodes: number;
  /**
   * One optimiser step over the next `batch` episodes.
   * @throws FailureError `loss-not-finite` when the loss or a gradient is NaN or infinite; the parameters are then unchanged.
   */
  step(batch: number): Promise<IterationMetrics>;
  /** Mean loss over held-out episodes 0..episodes-1; neither parameters nor training streams change. */
  evaluate(episodes: number): Promise<EvaluationResult>;
  /** The held-out episode with this seed. */
  reconstruct(seed: number): Promise<Reconstruction>;
  /** Every array of the held-out episode with this seed, for `export --episode` (see the README for names and shapes). */
  exportEpisode(seed: number): Promise<NamedArrays>;
  /** The network's parameters alone (`w`, `alpha` [N, N] as [pre, post], `eta` [1]). */
  weights(): Promise<NamedArrays>;
  capture(): Promise<TrainingState>;
  /** @throws InputError `checkpoint-mismatch` when names or shapes do not fit this training. */
  restore(saved: TrainingState): Promise<void>;
  /** Tensors alive in the backend, for leak tests. */
  liveTensors(): number;
  dispose(): void;
}
