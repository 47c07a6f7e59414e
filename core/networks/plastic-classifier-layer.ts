/**
 * The plastic last layer of arXiv 1804.02464, section 4.3: F features to N labels, one episode at a time, in double precision on the host (it has a few
 * hundred connections; an operation of a backend would take longer to call than to compute).
 *
 * a(s)      = x(s) · (w + alpha ∘ hebb(s)) + scale · label(s),   y(s) = softmax(a(s));   the question has no label
 * Hebb:     hebb(s+1) = (1 - eta) hebb(s) + eta · x(s)ᵀ y(s)
 * Oja:      hebb(s+1) = hebb(s) + eta · y(s) ∘ (x(s)ᵀ - y(s) ∘ hebb(s))
 */
import type { Rule } from '../plasticity/protocol.ts';

export interface ClassifierLayer {
  readonly rule: Rule;
  /** [F, N], row-major. */
  readonly w: ArrayLike<number>;
  /** [F, N]: one number everywhere when yoked, zero for a layer that is not plastic. */
  readonly alpha: ArrayLike<number>;
  readonly eta: number;
  /** Multiplies the label's one-hot vector, so that it decides what the layer answers. */
  readonly labelScale: number;
}

export interface LayerEpisode {
  /** [S + 1, F]; the last row is the question's. */
  readonly features: Float64Array;
  /** [S]. */
  readonly labels: ArrayLike<number>;
  readonly target: number;
  /** hebb = 0 when this presentation (from 1; S + 1 is the question) begins, and it goes on from there. */
  readonly clearedAt?: number;
}

export interface LayerTrajectory {
  /** [S + 1, F, N]: the trace that each presentation, and the question, meets. */
  readonly hebb: Float64Array;
  /** [S + 1, N]; the last row is the answer. */
  readonly y: Float64Array;
  /** Binary cross-entropy of the answer, the mean over labels. */
  readonly loss: number;
  /** ∂loss/∂a of the question, [N]. */
  readonly dDrive: Float64Array;
}

/** Sums over episodes. */
export interface LayerGradients {
  /** [F, N]. */
  readonly w: Float64Array;
  readonly alpha: Float64Array;
  eta: number;
}

export function runLayer(layer: ClassifierLayer, { features, labels, target, clearedAt }: LayerEpisode): LayerTrajectory {
  const size = layer.w.length;
  const inputs = features.length / (labels.length + 1);
  const outputs = size / inputs;
  const hebb = new Float64Array((labels.length + 1) * size);
  const y = new Float64Array((labels.length + 1) * outputs);
  const drive = new Float64Array(outputs);
  for (let step = 0; step <= labels.length; step++) {
    const x = features.subarray(step * inputs, (step + 1) * inputs);
    const trace = hebb.subarray(step * size, (step + 1) * size);
    drive.fill(0);
    for (let i = 0, at = 0; i < inputs; i++) {
      for (let j = 0; j < outputs; j++, at++) drive[j]! += x[i]! * (layer.w[at]! + layer.alpha[at]! * trace[at]!);
    }
    const now = y.subarray(step * outputs, (step + 1) * outputs);
    if (step === labels.length) {
      softmax(drive, now);
      break;
    }
    drive[labels[step]!]! += layer.labelScale;
    softmax(drive, now);
    if (step + 2 !== clearedAt) updateTrace(layer, trace, x, now, hebb.subarray((step + 1) * size, (step + 2) * size));
  }
  return { hebb, y, ...binaryCrossEntropy(drive, target) };
}

function updateTrace({ rule, eta }: ClassifierLayer, hebb: Float64Array, x: Float64Array, y: Float64Array, next: Float64Array): void {
  const [inputs, outputs] = [x.length, y.length];
  for (let i = 0, at = 0; i < inputs; i++) {
    for (let j = 0; j < outputs; j++, at++) {
      next[at] = rule === 'hebb' ? (1 - eta) * hebb[at]! + eta * x[i]! * y[j]! : hebb[at]! + eta * y[j]! * (x[i]! - y[j]! * hebb[at]!);
    }
  }
}

/**
 * The episode backwards.
 * @param share multiplies the episode's loss: 1 / B for a mean over the batch.
 * @param gradients are added to.
 * @returns ∂loss/∂features, [S + 1, F].
 */
export function differentiateLayer(
  layer: ClassifierLayer,
  { features, labels, clearedAt }: LayerEpisode,
  trajectory: LayerTrajectory,
  share: number,
  gradients: LayerGradients,
): Float64Array {
  const size = layer.w.length;
  const inputs = features.length / (labels.length + 1);
  const outputs = size / inputs;
  const dFeatures = new Float64Array(features.length);
  /** ∂loss/∂hebb after the step. */
  const dHebb = new Float64Array(size);
  let dDrive: Float64Array = Float64Array.from(trajectory.dDrive, (value) => share * value);
  for (let step = labels.length; step >= 0; step--) {
    const x = features.subarray(step * inputs, (step + 1) * inputs);
    const dx = dFeatures.subarray(step * inputs, (step + 1) * inputs);
    const hebb = trajectory.hebb.subarray(step * size, (step + 1) * size);
    if (step + 2 === clearedAt) dHebb.fill(0);
    if (step < labels.length) {
      const y = trajectory.y.subarray(step * outputs, (step + 1) * outputs);
      const { dy, dEta } = differentiateUpdate(layer, { x, y, hebb }, dHebb, dx);
      gradients.eta += dEta;
      dDrive = softmaxGradient(y, dy);
      // Where the label alone decided the output, nothing passes through it.
      if (dDrive.every((value) => value === 0)) continue;
    }
    for (let i = 0, at = 0; i < inputs; i++) {
      for (let j = 0; j < outputs; j++, at++) {
        const drop = x[i]! * dDrive[j]!;
        gradients.w[at]! += drop;
        gradients.alpha[at]! += drop * hebb[at]!;
        dHebb[at]! += drop * layer.alpha[at]!;
        dx[i]! += dDrive[j]! * (layer.w[at]! + layer.alpha[at]! * hebb[at]!);
      }
    }
  }
  return dFeatures;
}

/** Through one change of the trace. @param dHebb ∂loss/∂hebb after it, turned into that before it. @param dx is added to. */
function differentiateUpdate(
  { rule, eta }: ClassifierLayer,
  { x, y, hebb }: { readonly x: Float64Array; readonly y: Float64Array; readonly hebb: Float64Array },
  dHebb: Float64Array,
  dx: Float64Array,
): { dy: Float64Array; dEta: number } {
  const dy = new Float64Array(y.length);
  let dEta = 0;
  for (let i = 0, at = 0; i < x.length; i++) {
    for (let j = 0; j < y.length; j++, at++) {
      const g = dHebb[at]!;
      dx[i]! += eta * g * y[j]!;
      if (rule === 'hebb') {
        dEta += g * (x[i]! * y[j]! - hebb[at]!);
        dy[j]! += eta * g * x[i]!;
        dHebb[at] = (1 - eta) * g;
      } else {
        dEta += g * y[j]! * (x[i]! - y[j]! * hebb[at]!);
        dy[j]! += eta * g * (x[i]! - 2 * y[j]! * hebb[at]!);
        dHebb[at] = (1 - eta * y[j]! ** 2) * g;
      }
    }
  }
  return { dy, dEta };
}

function softmax(drive: Float64Array, y: Float64Array): void {
  const highest = Math.max(...drive);
  let sum = 0;
  for (let j = 0; j < y.length; j++) sum += y[j] = Math.exp(drive[j]! - highest);
  for (let j = 0; j < y.length; j++) y[j]! /= sum;
}

function softmaxGradient(y: Float64Array, dy: Float64Array): Float64Array {
  const mean = y.reduce((sum, value, j) => sum + value * dy[j]!, 0);
  return Float64Array.from(y, (value, j) => value * (dy[j]! - mean));
}

/**
 * The mean over labels of -log of y (the right one) or of 1 - y (the others), with y = softmax(drive), and its gradient. From the drives, for y itself
 * may round to 0 or 1. With q(j) the softmax over all labels but j:
 *
 * ∂/∂a_m = y_m - (1 / N) ([m = target] + Σ_{j ≠ target} q(j)_m)
 */
export function binaryCrossEntropy(drive: Float64Array, target: number): { loss: number; dDrive: Float64Array } {
  const outputs = drive.length;
  const total = logSum(drive, -1);
  const dDrive = drive.map((value) => Math.exp(value - total));
  dDrive[target]! -= 1 / outputs;
  let loss = total - drive[target]!;
  for (let j = 0; j < outputs; j++) {
    if (j === target) continue;
    const others = logSum(drive, j);
    loss += total - others;
    for (let m = 0; m < outputs; m++) if (m !== j) dDrive[m]! -= Math.exp(drive[m]! - others) / outputs;
  }
  return { loss: loss / outputs, dDrive };
}

/** log Σ exp over all drives but that of label `without`. */
function logSum(drive: Float64Array, without: number): number {
  let highest = -Infinity;
  for (let j = 0; j < drive.length; j++) if (j !== without) highest = Math.max(highest, drive[j]!);
  let sum = 0;
  for (let j = 0; j < drive.length; j++) if (j !== without) sum += Math.exp(drive[j]! - highest);
  return highest + Math.log(sum);
}
