/** A recall task whose held-out episodes show what somebody gives: own patterns, or those of training. */
import type { OwnEpisode } from '../contract/own-episode.ts';
import { InputError } from '../contract/errors.ts';
import { normalisePattern } from '../data/patches.ts';
import type { RecallBatch, RecallTask } from './recall.ts';

/** The order of presentations, the pattern that is asked for and what of it is left out stay those of the seed. */
export function ownRecall(task: RecallTask, own: Extract<OwnEpisode, { kind: 'training' | 'patterns' }>): RecallTask {
  if (own.kind === 'training')
    return { ...task, draw: (_part, batch, protocols, patterns) => task.draw('training', batch, protocols, patterns) };
  return { ...task, draw: (part, _batch, protocols, patterns) => showOwn(task, task.draw(part, 1, protocols, patterns), own.patterns) };
}

/** @throws InputError `own-patterns` where they are not as many or as large as the run's, no bits where bits are shown, or an image of one colour. */
function showOwn(task: RecallTask, drawn: RecallBatch, patterns: readonly (readonly number[])[]): RecallBatch {
  if (patterns.length !== drawn.shown.length)
    throw new InputError('own-patterns', `this run shows ${drawn.shown.length} patterns in an episode, not ${patterns.length}`);
  const shown = patterns.map((pattern, at) => readPattern(task, pattern, at + 1));
  const target = drawn.shown.findIndex((pattern) => pattern.every((value, at) => value === drawn.targets[at]));
  const targets = shown[target]!.slice();
  const degraded = targets.slice();
  const isErased = findErased(task, drawn);
  let zeroLoss = 0;
  for (let at = 0; at < degraded.length; at++) {
    if (!isErased(at)) continue;
    zeroLoss += degraded[at]! ** 2;
    degraded[at] = 0;
  }
  const { neurons } = drawn.protocol;
  const gain = findGain(drawn);
  const given = drawn.given.slice();
  // Rows of `given`: the patterns, and the degraded one where the last step asks for it.
  const question = drawn.protocol.steps.at(-1)!;
  const put = (row: number, values: Float32Array) =>
    given.set(
      values.map((value) => value * gain),
      row * neurons,
    );
  shown.forEach((values, row) => put(row, values));
  put(question.input ?? question.given, degraded);
  return { ...drawn, given, targets, zeroLosses: Float64Array.of(zeroLoss), shown, degraded };
}

function readPattern({ outputs, binary }: RecallTask, pattern: readonly number[], number: number): Float32Array {
  if (pattern.length !== outputs)
    throw new InputError('own-patterns', `a pattern of this run has ${outputs} values, and pattern ${number} has ${pattern.length}`);
  const values = Float32Array.from(pattern);
  if (binary) {
    const wrong = values.find((value) => Math.abs(value) !== 1);
    if (wrong !== undefined) throw new InputError('own-patterns', `a bit is 1 or -1, and pattern ${number} holds ${wrong}`);
    return values;
  }
  if (!values.every(Number.isFinite)) throw new InputError('own-patterns', `image ${number} holds a value that is no finite number`);
  const image = normalisePattern(values);
  if (image === undefined) throw new InputError('own-patterns', `image ${number} is of one colour: there is nothing to remember`);
  return image;
}

/** Bits are left out one by one, of an image those that the last step lets free. */
function findErased({ binary }: RecallTask, { degraded, protocol }: RecallBatch): (at: number) => boolean {
  if (binary) return (at) => degraded[at] === 0;
  const { start, end } = protocol.steps.at(-1)!.free;
  return (at) => at >= start && at < end;
}

/** What 1 in a pattern is in `given`. */
function findGain({ shown, given }: RecallBatch): number {
  const at = shown[0]!.findIndex((value) => value !== 0);
  return given[at]! / shown[0]![at]!;
}
