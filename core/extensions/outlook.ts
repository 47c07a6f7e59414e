/** What a run takes that works with something of the user's, from its first episode alone. */
import type { RunSpec } from '../contract/run-spec.ts';
import { alphaKindOf } from '../experiments/variants.ts';
import { createRandom } from '../random.ts';
import { estimateRecall, type EpisodeEstimate } from '../training/estimate.ts';
import { describeProtocolJson, explainProtocol, explainRecall, type Explanation } from '../training/explain.ts';
import { drawFirstEpisode, type FirstEpisode } from '../training/first-episode.ts';
import { createLearned } from '../networks/learned.ts';
import type { NetworkExtension, NetworkPlace } from './extension.ts';
import { knownParameters } from './extended-task.ts';
import { createExtensionTask, requireLstmOutputs } from './create-recall-task.ts';
import { readParameters } from '../experiments/read-parameters.ts';
import { experimentOf } from '../experiments/index.ts';
import type { LoadedExtensions } from './loaded.ts';

/** @throws InputError where a parameter breaks its rule; what the file itself throws. */
export async function estimateExtended(spec: RunSpec, loaded: LoadedExtensions): Promise<EpisodeEstimate> {
  const episode = firstEpisode(spec, loaded);
  return estimateRecall(spec, episode, await estimateOwn(spec, episode, loaded));
}

/** @throws as `estimateExtended`. */
export async function explainExtended(spec: RunSpec, loaded: LoadedExtensions): Promise<Explanation> {
  const episode = firstEpisode(spec, loaded);
  const own = await estimateOwn(spec, episode, loaded);
  if (own === undefined) return explainRecall(spec, episode);
  const cost = `Cost of an iteration: about ${(own.flops / 1e9).toPrecision(3)} GFLOP; ${own.trained} trained numbers`;
  const lines = [...explainProtocol(spec, episode.protocol), `Form: ${own.form}.`, '', cost];
  return {
    lines,
    json: { spec, protocol: describeProtocolJson(episode.protocol), form: own.form, flops: own.flops, trained: own.trained },
  };
}

/** What is known of a network or a rule of the user's; undefined where both are Engram's. */
async function estimateOwn(spec: RunSpec, episode: FirstEpisode, { network, rule }: LoadedExtensions) {
  const { protocol, alphaKind, inputs, outputs, inputScale } = episode;
  const { neurons, steps } = protocol;
  if (network !== undefined) {
    const trained = await countTrained(spec, network, { neurons, inputs, outputs, inputScale });
    return {
      trained,
      form: `the network ${spec.variant}, as if it used each of its numbers once a step`,
      // Forward once; backward once to what came before, and once to the numbers.
      flops: 6 * trained * steps.length * spec.batch,
      episodeBytes: steps.length * neurons * floatBytes * keptPerStep,
    };
  }
  // Without plasticity no rule has anything to change.
  if (rule === undefined || alphaKind === undefined || alphaKind === 'none') return undefined;
  const connections = neurons ** 2;
  return {
    trained: connections * (alphaKind === 'free' ? 2 : 1) + (alphaKind === 'yoked' ? 2 : 1),
    form: `dense: the rule ${String(spec.parameters['rule'])} is run connection by connection at every step, in double precision on one thread; Engram's own rules have faster forms`,
    // The drive and the trace forward, the rule included; twice as many, and the trace's gradient, back.
    flops: 30 * connections * steps.length * spec.batch,
    episodeBytes: neurons * floatBytes,
    // Every trace of an episode is kept, in double precision; one episode runs at a time.
    fixedBytes: steps.length * connections * 2 * floatBytes,
  };
}

/** What is kept of a step for the way back: a guess of what most networks need. */
const keptPerStep = 6;
const floatBytes = 4;

async function countTrained(
  { parameters, seed }: RunSpec,
  network: NetworkExtension,
  place: Pick<NetworkPlace, 'neurons' | 'inputs' | 'outputs' | 'inputScale'>,
): Promise<number> {
  const { createCpuBackend } = await import('../backend/cpu.ts');
  const { operations } = createCpuBackend();
  const random = createRandom(seed, 'initial weights');
  const { learned } = network.create({ ...place, settings: parameters, operations, random, createLearned });
  const { count } = learned;
  learned.dispose();
  return count;
}

/** With a rule and a network of Engram's in place of the user's. */
function firstEpisode(spec: RunSpec, { task: own, rule, network }: LoadedExtensions): FirstEpisode {
  const parameters = knownParameters(spec, spec.parameters, { task: own, rule });
  const variant = network === undefined ? spec.variant : 'non-plastic';
  if (own === undefined) return drawFirstEpisode({ ...spec, parameters, variant });
  const task = createExtensionTask(own, readParameters(experimentOf(spec).parameters, spec.parameters));
  if (variant === 'lstm') requireLstmOutputs(task);
  const { protocol } = task.draw('training', 1, createRandom(spec.seed, 'protocols'), createRandom(spec.seed, 'patterns'));
  return {
    protocol,
    rule: parameters['rule'] === 'oja' ? 'oja' : 'hebb',
    alphaKind: variant === 'lstm' ? undefined : alphaKindOf(variant),
    inputs: task.inputs,
    outputs: task.outputs,
    inputScale: task.inputScale,
  };
}
