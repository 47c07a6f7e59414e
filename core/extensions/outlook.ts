/** What a run takes that works with something of the user's, from its first episode alone. */
import type { RunSpec } from '../contract/run-spec.ts';
import { alphaKindOf } from '../experiments/variants.ts';
import { createRandom } from '../random.ts';
import { estimateRecall, type EpisodeEstimate } from '../training/estimate.ts';
import { explainRecall, type Explanation } from '../training/explain.ts';
import { drawFirstEpisode, type FirstEpisode } from '../training/first-episode.ts';
import { createExtensionTask } from './create-recall-task.ts';
import { readParameters } from '../experiments/read-parameters.ts';
import { experimentOf } from '../experiments/index.ts';
import type { LoadedExtensions } from './loaded.ts';

/** @throws InputError where a parameter breaks its rule; what the file itself throws. */
export function estimateExtended(spec: RunSpec, loaded: LoadedExtensions): Promise<EpisodeEstimate> {
  return Promise.resolve(estimateRecall(spec, firstEpisode(spec, loaded)));
}

export function explainExtended(spec: RunSpec, loaded: LoadedExtensions): Promise<Explanation> {
  return Promise.resolve(explainRecall(spec, firstEpisode(spec, loaded)));
}

/** With a rule and a network of Engram's in place of the user's. */
function firstEpisode(spec: RunSpec, { task: own, rule, network }: LoadedExtensions): FirstEpisode {
  const parameters = rule === undefined ? spec.parameters : { ...spec.parameters, rule: 'hebb' };
  const variant = network === undefined ? spec.variant : 'non-plastic';
  if (own === undefined) return drawFirstEpisode({ ...spec, parameters, variant });
  const task = createExtensionTask(own, readParameters(experimentOf(spec).parameters, spec.parameters));
  const { protocol } = task.draw('training', 1, createRandom(spec.seed, 'protocols'), createRandom(spec.seed, 'patterns'));
  return {
    protocol,
    rule: parameters['rule'] === 'oja' ? 'oja' : 'hebb',
    alphaKind: variant === 'lstm' ? undefined : alphaKindOf(variant),
    outputs: task.inputs,
  };
}
