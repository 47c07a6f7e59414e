/** What a training in progress can do, whatever its experiment: the trainer drives this and nothing else. */
import type { EpisodeChange } from '../contract/ablation.ts';
import type { Picture } from '../files/png.ts';
import type { NamedArrays } from '../files/safetensors.ts';
import type { TraceRule } from '../inspection/trace-factors.ts';

/** The result of one optimiser step. */
export interface IterationMetrics {
  /** Optimiser steps done, this one included. */
  readonly iteration: number;
  /** Training episodes done, this iteration's included. */
  readonly episodes: number;
  /** Episodes in this iteration (the last batch may be smaller). */
  readonly batch: number;
  /** The mean over the batch of what is minimised. */
  readonly loss: number;
  /** The mean over the batch of the experiment's score (see `Score`). */
  readonly score: number;
  /** Euclidean norm of the whole gradient before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Whatever else is worth a curve, by name: `eta`, `entropy`, …. */
  readonly more: Readonly<Record<string, number>>;
}

export interface EvaluationResult {
  readonly episodes: number;
  readonly loss: number;
  readonly score: number;
  /** Loss of each episode, in order. */
  readonly losses: readonly number[];
}

/** One held-out episode of a recall task for people's eyes; every array is an image [height, width], row-major, signed. */
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

/** One held-out episode with all that happened in it, for whoever looks inside the network. */
export interface InspectedEpisode {
  /** As `exportEpisode` gives them, without the [N, N] trace, which follows from `y`. */
  readonly arrays: NamedArrays;
  /** For people, a step each: "image 2", "blank", "test". */
  readonly labels: readonly string[];
  /** By what the trace follows from `y`; null where there is no trace, or `y` is not a recurrent network's. */
  readonly rule: TraceRule | null;
  readonly eta: number | null;
  /** The step that began without a trace. */
  readonly clearedAt: number | null;
  /** How people see the first neurons, where they are an image. */
  readonly picture: { readonly width: number; readonly height: number } | null;
  readonly loss: number;
  readonly score: number;
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
  /**
   * Mean loss over held-out episodes 0..episodes-1; neither parameters nor training streams change.
   * @throws InputError `ablation-not-possible` for a change that the task or the network cannot take.
   */
  evaluate(episodes: number, change?: EpisodeChange): Promise<EvaluationResult>;
  /** What the network does with some held-out episodes, drawn for people; undefined where there is nothing to draw. */
  draw(): Promise<Picture | undefined>;
  /** Every array of the held-out episode with this seed, for `export --episode` (see the README for names and shapes). */
  exportEpisode(seed: number): Promise<NamedArrays>;
  /** @throws as `evaluate`. */
  inspect(seed: number, change?: EpisodeChange): Promise<InspectedEpisode>;
  /** What a recall network makes of a held-out episode; absent for other tasks. @throws as `evaluate`. */
  reconstruct?(seed: number, change?: EpisodeChange): Promise<Reconstruction>;
  /** The network's parameters alone (of a plastic recurrent one `w`, `alpha` [N, N] as [pre, post], `eta` [1]; an agent's as `capture` has them). */
  weights(): Promise<NamedArrays>;
  capture(): Promise<TrainingState>;
  /** @throws InputError `checkpoint-mismatch` when names or shapes do not fit this training. */
  restore(saved: TrainingState): Promise<void>;
  /** Tensors alive in the backend, for leak tests. */
  liveTensors(): number;
  dispose(): void;
}
