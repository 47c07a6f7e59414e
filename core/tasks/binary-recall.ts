/** The binary task: show some random patterns of ±1 several times, then one of them with a share of its bits set to zero (paper, section 4.1). */
import { InputError } from '../contract/errors.ts';
import type { Protocol, ProtocolStep } from '../plasticity/protocol.ts';
import { shuffledIndices, type Random } from '../random.ts';
import { drawPresentations, isSamePattern, shownPart, type PresentationOptions, type RecallBatch, type RecallTask } from './recall.ts';

export interface BinaryRecallOptions extends PresentationOptions {
  readonly testSteps: number;
  readonly bits: number;
  /** Share of the bits that the last presentation leaves out. */
  readonly erasedShare: number;
  /** What a bit of ±1 adds to its neuron's drive. */
  readonly inputGain: number;
  /** Neurons that neither see nor show a bit. */
  readonly extraNeurons: number;
}

/** Rows of `given` after the patterns' inputs. */
const degradedRow = ({ patterns }: BinaryRecallOptions) => patterns;
/** No input, and the bias at 1: what every step clamps. */
const clampRow = ({ patterns }: BinaryRecallOptions) => patterns + 1;

/** Neurons of the network: one a bit, those besides, and the bias. */
function binaryNeurons({ bits, extraNeurons }: BinaryRecallOptions): number {
  return bits + extraNeurons + 1;
}

export function createBinaryRecall(options: BinaryRecallOptions): RecallTask {
  return {
    neurons: binaryNeurons(options),
    outputs: options.bits,
    picture: pictureOf(options.bits),
    binary: true,
    // A pattern of many bits never comes twice, one of few cannot but come again: the same streams serve both parts.
    draw: (_part, batch, protocols, patterns) => drawBinaryBatch(options, drawBinaryProtocol(options, protocols), batch, patterns),
  };
}

/**
 * @throws InputError `patterns-too-many` where there are fewer different patterns of so many bits, `erased-share` where the incomplete pattern lacks
 * nothing, or where nothing of it says which of several is meant.
 */
export function checkBinary({ bits, patterns, erasedShare }: Pick<BinaryRecallOptions, 'bits' | 'patterns' | 'erasedShare'>): void {
  const different = countPatterns(bits);
  if (patterns > different)
    throw new InputError(
      'patterns-too-many',
      `there are ${different} different patterns of ${bits} bits, half of them +1; patterns is ${patterns}`,
    );
  const erased = erasedBits({ bits, erasedShare });
  if (erased === 0)
    throw new InputError(
      'erased-share',
      `erasedShare ${erasedShare} of ${bits} bits is less than half a bit: the last pattern would lack nothing`,
    );
  if (erased === bits && patterns > 1)
    throw new InputError(
      'erased-share',
      `erasedShare ${erasedShare} leaves out all ${bits} bits: nothing would say which of ${patterns} patterns is meant`,
    );
}

/** bits! / (bits / 2)!², to whole numbers; Infinity where that is beyond a double. */
function countPatterns(bits: number): number {
  let count = 1;
  for (let at = 1; at <= bits / 2; at++) count *= (bits / 2 + at) / at;
  return Math.round(count);
}

const erasedBits = ({ bits, erasedShare }: Pick<BinaryRecallOptions, 'bits' | 'erasedShare'>) => Math.round(bits * erasedShare);

/** Draws the order of presentations and the pattern that is asked for. */
export function drawBinaryProtocol(options: BinaryRecallOptions, random: Random): { protocol: Protocol; target: number } {
  const neurons = binaryNeurons(options);
  const step = (label: string, input?: number): ProtocolStep => ({
    free: { start: 0, end: neurons - 1 },
    given: clampRow(options),
    ...(input === undefined ? {} : { input }),
    label,
  });
  const shown = (pattern: number) => step(`pattern ${pattern + 1}`, pattern);
  const steps = drawPresentations(options, shown, step('blank'), random);
  const target = random.integer(0, options.patterns - 1);
  // One step, as often as it is shown: noise that is put upon it is drawn once.
  const test = step('test', degradedRow(options));
  for (let at = 0; at < options.testSteps; at++) steps.push(test);
  return { protocol: { neurons, givens: options.patterns + 2, steps }, target };
}

/** Fills a protocol with patterns for `batch` episodes, each with erased bits of its own. */
export function drawBinaryBatch(
  options: BinaryRecallOptions,
  { protocol, target }: ReturnType<typeof drawBinaryProtocol>,
  batch: number,
  random: Random,
): RecallBatch {
  const { bits, patterns, inputGain } = options;
  const { neurons, givens } = protocol;
  const erased = erasedBits(options);
  const given = new Float32Array(givens * batch * neurons);
  const targets = new Float32Array(batch * bits);
  const shown: Float32Array[] = [];
  let degradedView = new Float32Array(bits);
  const vector = (row: number, episode: number) => given.subarray((row * batch + episode) * neurons, (row * batch + episode + 1) * neurons);
  for (let episode = 0; episode < batch; episode++) {
    vector(clampRow(options), episode)[neurons - 1] = 1;
    const drawn: Float32Array[] = [];
    for (let pattern = 0; pattern < patterns; pattern++) {
      let values = drawBits(bits, random);
      // There are enough different ones (`checkBinary`).
      while (drawn.some((other) => isSamePattern(other, values))) values = drawBits(bits, random);
      drawn.push(values);
      vector(pattern, episode).set(values.map((bit) => bit * inputGain));
      if (pattern === target) targets.set(values, episode * bits);
    }
    if (episode === 0) shown.push(...drawn);
    const degraded = targets.slice(episode * bits, (episode + 1) * bits);
    for (const bit of shuffledIndices(bits, random).slice(0, erased)) degraded[bit] = 0;
    vector(degradedRow(options), episode).set(degraded.map((bit) => bit * inputGain));
    if (episode === 0) degradedView = degraded;
  }
  const zeroLosses = new Float64Array(batch).fill(erased);
  return { protocol, batch, given, targets, zeroLosses, shown, degraded: degradedView, shows: shownPart(options, inputGain) };
}

/** Half of the bits +1, the others −1; of an odd number one more is −1. */
function drawBits(bits: number, random: Random): Float32Array {
  const values = new Float32Array(bits).fill(-1);
  for (const bit of shuffledIndices(bits, random).slice(0, Math.floor(bits / 2))) values[bit] = 1;
  return values;
}

/** The rectangle of all bits that is nearest to a square. */
function pictureOf(bits: number): { width: number; height: number } {
  let height = Math.floor(Math.sqrt(bits));
  while (bits % height !== 0) height--;
  return { width: bits / height, height };
}
