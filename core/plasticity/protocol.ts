/** A protocol: what happens at every step of an episode, known before the episode runs and the same for every episode of a batch. */
import { InputError } from '../contract/errors.ts';

/** Neurons `start` (included) to `end` (excluded). */
export interface NeuronRange {
  readonly start: number;
  readonly end: number;
}

/** One network time step. Vectors are named by their row in the episode's `given` table [G, B, N]. */
export interface ProtocolStep {
  /** The neurons that compute; every neuron outside is clamped to its given value. Empty where the whole network is clamped. */
  readonly free: NeuronRange;
  /** Neurons inside `free` that are clamped all the same, in rising order. */
  readonly clamped?: readonly number[];
  /** Row of `given` that holds the clamped values. */
  readonly given: number;
  /** Row of `given` that is added to the drive before tanh, where one is. */
  readonly input?: number;
  /** For people: "image 2", "blank", "test". */
  readonly label: string;
}

export interface Protocol {
  readonly neurons: number;
  /** Rows of the `given` table. */
  readonly givens: number;
  /** steps[t - 1] is step t; y(0) = 0. */
  readonly steps: readonly ProtocolStep[];
  /** hebb = 0 when this step begins, and it goes on from there: only pairs (y(s-1), y(s)) with s from here on are in the trace. */
  readonly clearedAt?: number;
}

export type Rule = 'hebb' | 'oja';
/** `none`: a non-plastic network. */
export type AlphaKind = 'free' | 'yoked' | 'none';

/** Whether every neuron is clamped, so that nothing is computed in this step. */
export function isFullyClamped(step: ProtocolStep): boolean {
  return step.free.start >= step.free.end;
}

/**
 * Checks a protocol before anything is planned from it.
 * @throws InputError `protocol-invalid` naming the step, the rule and the value.
 */
export function checkProtocol(protocol: Protocol): void {
  const { neurons, givens, steps, clearedAt = 1 } = protocol;
  const refuse = (rule: string) => {
    throw new InputError('protocol-invalid', `a protocol's ${rule}`);
  };
  if (!Number.isInteger(neurons) || neurons < 1) refuse(`number of neurons must be a whole number from 1, not ${neurons}`);
  if (steps.length === 0) refuse('steps must not be empty');
  if (!Number.isInteger(clearedAt) || clearedAt < 1 || clearedAt > steps.length) {
    refuse(`trace can be cleared at a step from 1 to ${steps.length}, not at ${clearedAt}`);
  }
  for (const [index, step] of steps.entries()) {
    const where = `step ${index + 1}`;
    const { start, end } = step.free;
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end > neurons) {
      refuse(`${where} must have its free neurons within 0..${neurons}, not ${start}..${end}`);
    }
    for (const row of [step.given, step.input ?? 0]) {
      if (!Number.isInteger(row) || row < 0 || row >= givens) refuse(`${where} must name a given row within 0..${givens - 1}, not ${row}`);
    }
    const clamped = step.clamped ?? [];
    if (clamped.some((neuron, at) => neuron < start || neuron >= end || neuron <= (clamped[at - 1] ?? -1))) {
      refuse(`${where} must list clamped neurons inside its free range in rising order, not ${clamped.join(', ')}`);
    }
  }
}
