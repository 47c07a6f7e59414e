/** A process that keeps a run's data and backend open and answers what happens inside its network, with or without something changed. */
import { rm, writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { toExpectedError } from '../../core/contract/api/expected-error.ts';
import type { InspectedEpisode } from '../../core/contract/api/inspector.ts';
import type { Ablation, EpisodeChange } from '../../core/contract/ablation.ts';
import { EngramError, FailureError, InputError } from '../../core/contract/errors.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import type { NamedArrays } from '../../core/files/named-arrays.ts';
import { inheritParameters } from '../../core/experiments/index.ts';
import { encodeSafetensors } from '../../core/files/safetensors.ts';
import { ablate } from '../../core/training/ablate.ts';
import { replaceWeights, type ReplacedWeights } from '../../core/training/replace-weights.ts';
import type { Reconstruction, Training } from '../../core/training/training.ts';
import { makeFolders } from '../run-folder/make-folders.ts';
import { runPaths } from '../run-folder/run-paths.ts';
import { readSpecFile } from '../run-folder/spec-file.ts';
import type { BuildTraining, BuiltTraining } from './build-training.ts';
import { readHistory, type KnownWeights } from './checkpoint-history.ts';
import { inspectQuestionSchema, type InspectQuestion } from './inspect-jobs.ts';
import { readOwnWeights, versionOfOwnWeights } from './own-weights.ts';
import { decodeStoredState, readStored } from './stored-state.ts';

/** Trainings go first. */
const niceness = 10;
/** Files that a window may still be reading; weights are large, and asked for once a checkpoint. */
const kept = { episode: 12, weights: 4 } as const;

interface Prepared {
  readonly key: string;
  readonly training: Training;
  /** The file with its weights. */
  readonly weights: string;
  readonly own: InspectedEpisode['own'];
  dispose(): void;
}

/** Answers until the one who asks is gone. @param folder the run's. @param to where arrays are written. */
export async function serveInspection(folder: string, to: string, build: BuildTraining): Promise<void> {
  setPriority(niceness);
  makeFolders(to);
  const { promise: left, resolve: leave } = Promise.withResolvers<null>();
  process.once('disconnect', () => leave(null));
  const paths = runPaths(folder);
  const spec = await readSpecFile(paths);
  const episodes = createFiles(to, 'episode');
  const weightFiles = createFiles(to, 'weights');
  const known: KnownWeights = new Map();
  /** By data set: one's own pictures beside those of the run. */
  const opened = new Map<string | null | undefined, Promise<BuiltTraining>>();
  let prepared: Prepared | undefined;

  const prepare = async ({ file, ablation, dataset, weights: path, ownEpisode }: InspectQuestion): Promise<Prepared> => {
    const version = path === undefined ? null : await versionOfOwnWeights(path);
    // What is changed in an episode leaves the network as it is.
    const { alpha, eta, parameters } = ablation;
    // A record, not a list: in a list, JSON writes the run's own data set (undefined) like a built-in one (null).
    const key = JSON.stringify({ file, alpha, eta, parameters, dataset, version, ownEpisode });
    if (prepared?.key === key) return prepared;
    const data = withDataset(spec, dataset);
    const built = opened.get(dataset) ?? build(data, () => {}, paths.folder);
    opened.set(dataset, built);
    // What could not be opened is tried again by the next question.
    built.catch(() => opened.delete(dataset));
    // Read while data and backend are opened; whoever waits for it meets what it met.
    const stored = readStored(paths.folder, file);
    stored.catch(() => {});
    const { training: usual, variation } = await built;
    // As long as no parameter is another, the training that is there takes up one checkpoint after the other.
    const isUsual = ablation.parameters === undefined && ownEpisode === undefined;
    const training = isUsual ? usual : await variation(change(data, ablation), ownEpisode);
    prepared?.dispose();
    prepared = undefined;
    try {
      const state = await decodeStoredState(await stored, file, () => training.capture());
      const replaced = path === undefined ? undefined : replaceWeights(state.arrays, await readOwnWeights(path));
      await training.restore({ ...state, arrays: ablate(replaced?.arrays ?? state.arrays, ablation) });
      const weights = await weightFiles.write(await training.weights());
      prepared = { key, training, weights, own: ownOf(replaced), dispose: isUsual ? () => {} : training.dispose };
      return prepared;
    } catch (error) {
      if (!isUsual) training.dispose();
      throw error;
    }
  };

  const answer = async (question: InspectQuestion): Promise<unknown> => {
    if (question.what === 'history') return await readHistory(paths.folder, question.files, question.synapses, known);
    const { training, weights, own } = await prepare(question);
    const { iteration } = training;
    const change: EpisodeChange = question.ablation;
    if (question.what === 'episode') {
      const begunMs = performance.now();
      const { arrays, ...facts } = await training.inspect(question.seed, change);
      const seconds = (performance.now() - begunMs) / 1000;
      return {
        ...facts,
        labels: [...facts.labels],
        file: await episodes.write(arrays),
        weights,
        own,
        iteration,
        seed: question.seed,
        seconds,
      };
    }
    if (question.what === 'score') {
      const { episodes: count, loss, score } = await training.evaluate(question.episodes, change);
      return { iteration, episodes: count, loss, score };
    }
    const reconstructions = await reconstructAll(training, question.episodes, change);
    const { width, height } = reconstructions[0]!;
    return { file: await episodes.write(stack(reconstructions)), iteration, picture: { width, height } };
  };

  // One after the other, as they came.
  let last: Promise<void> = Promise.resolve();
  process.on('message', (message) => {
    const question = inspectQuestionSchema.parse(message);
    last = last.then(async () => {
      try {
        process.send?.({ id: question.id, answer: await answer(question) });
      } catch (error) {
        process.send?.({ id: question.id, error: toExpectedError(explain(error)) });
      }
    });
  });
  await left;
}

function ownOf(replaced: ReplacedWeights | undefined): InspectedEpisode['own'] {
  if (replaced === undefined) return null;
  const { taken, unused, notFinite } = replaced;
  return { taken: [...taken], unused: [...unused], notFinite };
}

function withDataset(spec: RunSpec, dataset: string | null | undefined): RunSpec {
  if (dataset === undefined) return spec;
  const { dataset: _own, ...rest } = spec;
  return dataset === null ? rest : { ...rest, dataset };
}

/** @throws InputError where the experiment has no such parameter, in the words of its schema. */
function change(spec: RunSpec, { parameters }: Ablation): RunSpec {
  if (parameters === undefined) return spec;
  const { variant, extensions = [] } = spec;
  // What a rule of the user's alone has goes with it.
  const kept = inheritParameters(spec, { variant, rule: parameters['rule'] ?? spec.parameters['rule'] }, extensions);
  return { ...spec, parameters: { ...kept, ...parameters } };
}

async function reconstructAll(training: Training, episodes: number, change: EpisodeChange): Promise<Reconstruction[]> {
  const { reconstruct } = training;
  if (reconstruct === undefined) throw new InputError('nothing-to-reconstruct', 'this experiment has no reconstructions to show');
  const found: Reconstruction[] = [];
  for (let seed = 0; seed < episodes; seed++) found.push(await reconstruct(seed, change));
  return found;
}

function stack(reconstructions: readonly Reconstruction[]): NamedArrays {
  const { width, height, shown } = reconstructions[0]!;
  const pixels = width * height;
  const array = (rows: readonly Float32Array[], ...shape: number[]) => {
    const data = new Float32Array(rows.length * pixels);
    rows.forEach((row, at) => data.set(row, at * pixels));
    return { dtype: 'F32', shape: [...shape, pixels], data } as const;
  };
  const count = reconstructions.length;
  return {
    shown: array(
      reconstructions.flatMap((each) => each.shown),
      count,
      shown.length,
    ),
    degraded: array(
      reconstructions.map(({ degraded }) => degraded),
      count,
    ),
    reconstructed: array(
      reconstructions.map(({ reconstructed }) => reconstructed),
      count,
    ),
    target: array(
      reconstructions.map(({ target }) => target),
      count,
    ),
    loss: { dtype: 'F32', shape: [count], data: Float32Array.from(reconstructions, ({ loss }) => loss) },
  };
}

/** Numbered files, of which the latest stay. */
function createFiles(folder: string, kind: keyof typeof kept) {
  const names: string[] = [];
  let count = 0;
  return {
    write: async (arrays: NamedArrays): Promise<string> => {
      const name = `${kind}-${++count}.safetensors`;
      // Nobody knows its name before it is written, and nothing of it is to survive this process.
      await writeFile(join(folder, name), encodeSafetensors(arrays));
      names.push(name);
      for (const old of names.splice(0, Math.max(0, names.length - kept[kind]))) await rm(join(folder, old), { force: true });
      return name;
    },
  };
}

function explain(error: unknown): EngramError {
  if (error instanceof EngramError) return error;
  console.error(error);
  return new FailureError('inspection-failed', error instanceof Error ? error.message : String(error), { cause: error });
}
