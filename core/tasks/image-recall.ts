/** The images task: show some patches several times, then one of them with its top or bottom half erased (paper, section 4.2). */
import { InputError } from '../contract/errors.ts';
import type { ImageDataset, GreyImages } from '../data/grey-images.ts';
import { drawPatch, normalisePattern } from '../data/patches.ts';
import type { NeuronRange, Protocol, ProtocolStep } from '../plasticity/protocol.ts';
import type { Random } from '../random.ts';
import { drawPresentations, isSamePattern, shownPart, type PresentationOptions, type RecallBatch, type RecallTask } from './recall.ts';

export interface ImageRecallOptions extends PresentationOptions {
  readonly testSteps: number;
  readonly imageSize: number;
}

/** What the episodes of a batch have in common. */
export interface ImageProtocol {
  readonly protocol: Protocol;
  /** Which pattern is asked for. */
  readonly target: number;
  readonly erased: NeuronRange;
}

/** Rows of `given` after the patterns. */
const blankRow = ({ patterns }: ImageRecallOptions) => patterns;
const degradedRow = ({ patterns }: ImageRecallOptions) => patterns + 1;

/** Neurons of the network: one a pixel, and the bias. */
export function imageNeurons({ imageSize }: ImageRecallOptions): number {
  return imageSize * imageSize + 1;
}

/** @throws InputError as `checkImages`. */
export function createImageRecall(options: ImageRecallOptions, dataset: ImageDataset): RecallTask {
  checkImages(options, dataset);
  const neurons = imageNeurons(options);
  return {
    neurons,
    outputs: neurons - 1,
    picture: { width: options.imageSize, height: options.imageSize },
    binary: false,
    draw: (part, batch, protocols, patterns) =>
      drawImageBatch(options, drawImageProtocol(options, protocols), dataset[part], batch, patterns),
  };
}

type ImageBlock = Pick<GreyImages, 'count' | 'width' | 'height'>;

/** An image data set, whether it was opened or only described. */
interface ImageParts {
  readonly name: string;
  readonly training: readonly ImageBlock[];
  readonly evaluation: readonly ImageBlock[];
}

/**
 * @throws InputError `images-too-small` where a patch does not fit into an image, `dataset-too-small` where a part of the data set has fewer
 * different patches than an episode shows: all of them could be one picture, and completing it no feat of memory.
 */
export function checkImages(options: Pick<ImageRecallOptions, 'imageSize' | 'patterns'>, { name, ...parts }: ImageParts): void {
  for (const part of ['training', 'evaluation'] as const) {
    for (const block of parts[part]) checkSize(options.imageSize, name, block);
    checkPatches(options, `${name} has for ${part}`, parts[part]);
  }
}

function checkSize(imageSize: number, name: string, { count, width, height }: ImageBlock): void {
  if (count === 0 || Math.min(width, height) >= imageSize) return;
  throw new InputError(
    'images-too-small',
    `imageSize ${imageSize} asks for pieces of ${imageSize} × ${imageSize}, and ${name} has images of ${width} × ${height}: ` +
      `an imageSize up to ${Math.min(width, height)}, or larger images, would do`,
  );
}

function checkPatches(
  { imageSize, patterns }: Pick<ImageRecallOptions, 'imageSize' | 'patterns'>,
  has: string,
  blocks: readonly ImageBlock[],
): void {
  const places = ({ count, width, height }: ImageBlock) => count * (width - imageSize + 1) * (height - imageSize + 1);
  const patches = blocks.reduce((sum, block) => sum + places(block), 0);
  if (patches >= patterns) return;
  throw new InputError(
    'dataset-too-small',
    `patterns ${patterns} asks for ${patterns} different pieces of ${imageSize} × ${imageSize} in an episode, and all that ${has} is ${patches}: ` +
      `${patterns} images there, larger ones, or fewer patterns would do`,
  );
}

/** Draws the order of presentations, the target and the half that is erased. */
export function drawImageProtocol(options: ImageRecallOptions, random: Random): ImageProtocol {
  const neurons = imageNeurons(options);
  const pixels = neurons - 1;
  const shown = (pattern: number): ProtocolStep => ({ free: { start: 0, end: 0 }, given: pattern, label: `image ${pattern + 1}` });
  const blank: ProtocolStep = { free: { start: 0, end: pixels }, given: blankRow(options), label: 'blank' };
  const steps = drawPresentations(options, shown, blank, random);
  const target = random.integer(0, options.patterns - 1);
  const erased = random.integer(0, 1) === 0 ? { start: 0, end: pixels / 2 } : { start: pixels / 2, end: pixels };
  const test: ProtocolStep = { free: erased, given: degradedRow(options), label: 'test' };
  for (let step = 0; step < options.testSteps; step++) steps.push(test);
  return { protocol: { neurons, givens: options.patterns + 2, steps }, target, erased };
}

/**
 * Fills a protocol with patterns for `batch` episodes. Rows of `given`: the patterns, the blank vector, the degraded target; the bias
 * neuron, the last, is 1 in each.
 * @throws RangeError where the images are smaller than the patterns (see `drawPatch`); InputError `images-without-contrast`, `images-alike`.
 */
export function drawImageBatch(
  options: ImageRecallOptions,
  shared: ImageProtocol,
  images: readonly GreyImages[],
  batch: number,
  random: Random,
): RecallBatch {
  const { protocol, erased } = shared;
  const { neurons, givens } = protocol;
  const pixels = neurons - 1;
  const given = new Float32Array(givens * batch * neurons);
  const targets = new Float32Array(batch * pixels);
  const zeroLosses = new Float64Array(batch);
  const vector = (row: number, episode: number) => given.subarray((row * batch + episode) * neurons, (row * batch + episode + 1) * neurons);
  for (let episode = 0; episode < batch; episode++) {
    for (let row = 0; row < givens; row++) vector(row, episode)[pixels] = 1;
    const patterns: Float32Array[] = [];
    while (patterns.length < options.patterns) patterns.push(drawPattern(images, options.imageSize, random, patterns));
    patterns.forEach((pattern, row) => vector(row, episode).set(pattern));
    const target = vector(shared.target, episode).subarray(0, pixels);
    targets.set(target, episode * pixels);
    const degraded = vector(degradedRow(options), episode);
    degraded.set(target);
    degraded.fill(0, erased.start, erased.end);
    for (let pixel = erased.start; pixel < erased.end; pixel++) zeroLosses[episode]! += target[pixel]! ** 2;
  }
  const image = (row: number) => vector(row, 0).subarray(0, pixels);
  const shown = Array.from({ length: options.patterns }, (_, pattern) => image(pattern));
  return { protocol, batch, given, targets, zeroLosses, shown, degraded: image(degradedRow(options)), shows: shownPart(options, 1) };
}

/** After so many that will not do there is hardly one that does. */
const mostRedraws = 10_000;

/**
 * A patch with contrast that is none of `others`: what teaches nothing, or is shown already, is drawn again.
 * @throws InputError `images-without-contrast`, `images-alike`.
 */
function drawPattern(images: readonly GreyImages[], size: number, random: Random, others: readonly Float32Array[]): Float32Array {
  let alike = 0;
  for (let draw = 0; draw < mostRedraws; draw++) {
    const pattern = normalisePattern(drawPatch(images, random, size));
    if (pattern === undefined) continue;
    if (!others.some((other) => isSamePattern(other, pattern))) return pattern;
    alike++;
  }
  if (alike > 0)
    throw new InputError(
      'images-alike',
      `among ${mostRedraws} pieces of ${size} × ${size} there was none but those that the episode shows already (${others.length}): more different images, or fewer patterns, would do`,
    );
  throw new InputError(
    'images-without-contrast',
    `${mostRedraws} pieces of ${size} × ${size} in a row had one colour all over, and there is nothing to recall of such pieces: images with more in them, or a larger imageSize, would do`,
  );
}
