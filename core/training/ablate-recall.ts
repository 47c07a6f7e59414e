/** Applies what is changed in an episode to the episodes of a recall task: another protocol, and other vectors that it names. */
import type { EpisodeChange, Noise } from '../contract/ablation.ts';
import { isFullyClamped, type Protocol, type ProtocolStep } from '../plasticity/protocol.ts';
import { createRandom, type Random } from '../random.ts';
import type { RecallBatch } from '../tasks/recall.ts';
import { chooseByNumber, refuseAblation, requireStep } from './ablation-rules.ts';

/** What the network that is to run it can take. */
export interface Runner {
  /** Whether it adds a protocol's input to the drives of single neurons. */
  readonly hasDrives: boolean;
  /** Whether it has a trace that a protocol can clear. */
  readonly hasTrace: boolean;
}

/**
 * The batch, changed; what was drawn stays as it is.
 * @param episode its number, for the noise's stream.
 * @throws InputError `ablation-not-possible` where the task or the network has nothing of the kind.
 */
export function changeRecall(batch: RecallBatch, change: EpisodeChange, runner: Runner, episode: number): RecallBatch {
  const { presentations, noise, clearedAt } = change;
  let changed = presentations === undefined ? batch : present(batch, presentations);
  if (noise !== undefined) changed = addNoise(changed, noise, runner, createRandom(noise.seed, `noise of episode ${episode}`));
  if (clearedAt === undefined) return changed;
  if (!runner.hasTrace) refuseAblation('this network has no Hebbian trace that could be cleared');
  requireStep(clearedAt, changed.protocol.steps.length);
  return { ...changed, protocol: { ...changed.protocol, clearedAt } };
}

/** Presentations by their numbers; what follows them, the test, stays. */
function present(batch: RecallBatch, numbers: readonly number[]): RecallBatch {
  const { protocol, shows } = batch;
  if (shows === undefined) refuseAblation('this task does not say which of its steps are a presentation');
  const { presentations, steps: length } = shows;
  const { steps } = protocol;
  const parts = Array.from({ length: presentations }, (_, at) => steps.slice(at * length, (at + 1) * length));
  const chosen = chooseByNumber(parts, numbers).flat();
  return {
    ...batch,
    shows: { ...shows, presentations: numbers.length },
    protocol: { ...protocol, steps: [...chosen, ...steps.slice(presentations * length)] },
  };
}

function addNoise(batch: RecallBatch, { inputs = 0, drives = 0 }: Noise, runner: Runner, random: Random): RecallBatch {
  const noisy = inputs > 0 ? addInputNoise(batch, inputs, random) : batch;
  if (drives === 0) return noisy;
  if (!runner.hasDrives)
    refuseAblation('this network takes noise on its inputs only: what drives its units does not come from the protocol');
  return addDriveNoise(noisy, drives, random);
}

/** One drawing for as long as something is shown; a neuron that computes its own activation hears of it only as an input. */
function addInputNoise(batch: RecallBatch, deviation: number, random: Random): RecallBatch {
  const { shows, protocol } = batch;
  if (shows === undefined) refuseAblation('this task does not say what of its episode is shown');
  const { neurons } = protocol;
  const outputs = batch.targets.length / batch.batch;
  const rows = createRows(batch);
  let last: { readonly before: ProtocolStep; readonly after: ProtocolStep } | undefined;
  const steps = protocol.steps.map((step) => {
    if (last?.before === step) return last.after;
    const row = step.input ?? step.given;
    const isSeen = (neuron: number) =>
      neuron < outputs && (step.input !== undefined || neuron < step.free.start || neuron >= step.free.end);
    let after = step;
    if (rows.isShown(row, outputs)) {
      const added = rows.add(row, (neuron) => (isSeen(neuron % neurons) ? shows.gain * deviation * random.normal() : 0));
      after = step.input === undefined ? { ...step, given: added } : { ...step, input: added };
    }
    last = { before: step, after };
    return after;
  });
  const noisy = rows.build({ ...protocol, steps });
  const { input, given } = steps.at(-1)!;
  const degraded = noisy.given.slice((input ?? given) * batch.batch * neurons).subarray(0, outputs);
  return { ...noisy, degraded: degraded.map((value) => value / shows.gain) };
}

function addDriveNoise(batch: RecallBatch, deviation: number, random: Random): RecallBatch {
  const rows = createRows(batch);
  const steps = batch.protocol.steps.map((step) =>
    isFullyClamped(step) ? step : { ...step, input: rows.add(step.input, () => deviation * random.normal()) },
  );
  return rows.build({ ...batch.protocol, steps });
}

/** More rows for the `given` table. */
function createRows(batch: RecallBatch) {
  const { given, protocol } = batch;
  const length = batch.batch * protocol.neurons;
  const vectors = (row: number) => given.subarray(row * length, (row + 1) * length);
  const added: Float32Array[] = [];
  return {
    /** Whether a row has anything for the neurons that are judged. */
    isShown: (row: number, outputs: number) => vectors(row).some((value, at) => at % protocol.neurons < outputs && value !== 0),
    /** A row plus what `more` gives for each of its numbers; alone without a row. */
    add: (row: number | undefined, more: (at: number) => number): number => {
      const from = row === undefined ? new Float32Array(length) : vectors(row);
      added.push(from.map((value, at) => value + more(at)));
      return protocol.givens + added.length - 1;
    },
    build: (changed: Protocol): RecallBatch => {
      const all = new Float32Array(given.length + added.length * length);
      all.set(given);
      added.forEach((row, at) => all.set(row, given.length + at * length));
      return { ...batch, given: all, protocol: { ...changed, givens: protocol.givens + added.length } };
    },
  };
}
