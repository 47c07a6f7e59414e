/** Recall: some patterns are shown several times, then one of them in part; the network is to complete it (paper, sections 4.1 and 4.2). */
import type { Protocol, ProtocolStep } from '../plasticity/protocol.ts';
import { shuffledIndices, type Random } from '../random.ts';

/** Episodes that share a protocol; their patterns are drawn independently. */
export interface RecallBatch {
  readonly protocol: Protocol;
  readonly batch: number;
  /** [G, B, N]: what the protocol's steps name. */
  readonly given: Float32Array;
  /** [B, outputs]: what the first neurons should answer at the last step. */
  readonly targets: Float32Array;
  /** The loss of answering zero in the erased part, [B]. */
  readonly zeroLosses: Float64Array;
  /** The patterns of the first episode, [outputs] each, and what was shown of one of them at the end. */
  readonly shown: readonly Float32Array[];
  readonly degraded: Float32Array;
  /** Absent where the task does not say. */
  readonly shows?: ShownPart;
}

/** What of an episode shows patterns, for whoever shows them otherwise. */
export interface ShownPart {
  /** The protocol begins with them. */
  readonly presentations: number;
  /** Of one presentation, with the blank ones after it. */
  readonly steps: number;
  /** What 1 in a pattern is in `given`. */
  readonly gain: number;
}

/** @param gain see `ShownPart`. */
export function shownPart(
  { patterns, presentationsPerPattern, presentationSteps, interPresentationDelay }: PresentationOptions,
  gain: number,
): ShownPart {
  return { presentations: patterns * presentationsPerPattern, steps: presentationSteps + interPresentationDelay, gain };
}

export interface RecallTask {
  readonly neurons: number;
  /** The neurons that are judged: the first ones. */
  readonly outputs: number;
  /** How people see a pattern. */
  readonly picture: { readonly width: number; readonly height: number };
  /** Whether the patterns are ±1, so that an answer has a right sign. */
  readonly binary: boolean;
  /** How good an answer is, [outputs] each; without, the share of wrong signs where `binary`, else the loss relative to that of answering zero. */
  readonly score?: (answer: Float32Array, target: Float32Array) => number;
  /**
   * @param part held-out episodes show no image that training does; patterns drawn at random are others, if they are not of a few bits.
   * @param protocols draws what the episodes of the batch have in common; `patterns` draws what differs. They may be one stream.
   */
  draw(part: 'training' | 'evaluation', batch: number, protocols: Random, patterns: Random): RecallBatch;
}

export interface PresentationOptions {
  readonly patterns: number;
  readonly presentationsPerPattern: number;
  readonly presentationSteps: number;
  readonly interPresentationDelay: number;
}

/** The steps in which the patterns are shown, each round in another order; `shown` gives the step that shows a pattern. */
export function drawPresentations(
  { patterns, presentationsPerPattern, presentationSteps, interPresentationDelay }: PresentationOptions,
  shown: (pattern: number) => ProtocolStep,
  blank: ProtocolStep,
  random: Random,
): ProtocolStep[] {
  const showing = Array.from({ length: patterns }, (_, pattern) => shown(pattern));
  const steps: ProtocolStep[] = [];
  for (let cycle = 0; cycle < presentationsPerPattern; cycle++) {
    for (const pattern of shuffledIndices(patterns, random)) {
      for (let step = 0; step < presentationSteps; step++) steps.push(showing[pattern]!);
      for (let step = 0; step < interPresentationDelay; step++) steps.push(blank);
    }
  }
  return steps;
}

export function isSamePattern(one: Float32Array, other: Float32Array): boolean {
  return one.every((value, at) => value === other[at]);
}
