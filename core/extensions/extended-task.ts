/** The recall task of a run that works with something of the user's, be the task its own or Engram's. */
import type { ParameterValue, RunSpec } from '../contract/run-spec.ts';
import type { ImageDataset } from '../data/grey-images.ts';
import { readBinaryParameters } from '../experiments/binary.ts';
import type { OptimiserSettings } from '../experiments/common-parameters.ts';
import { readImagesParameters } from '../experiments/images.ts';
import { experimentOf, findExperiment, pickParameters } from '../experiments/index.ts';
import { readParameters } from '../experiments/read-parameters.ts';
import { createBinaryRecall } from '../tasks/binary-recall.ts';
import { createImageRecall } from '../tasks/image-recall.ts';
import type { Rule } from '../plasticity/protocol.ts';
import type { RecallTask } from '../tasks/recall.ts';
import { createExtensionTask } from './create-recall-task.ts';
import type { LoadedExtensions } from './loaded.ts';

export interface ExtendedTask {
  readonly task: RecallTask;
  readonly options: OptimiserSettings & {
    readonly initialW: number;
    readonly initialAlpha: number;
    readonly initialEta: number;
    /** Where the rule is the user's, whatever. */
    readonly rule: Rule;
  };
  /** Every parameter of the run by name. */
  readonly settings: Readonly<Record<string, ParameterValue>>;
  readonly inputs: number;
  readonly inputScale: number;
}

/** `values` without the parameters and the name of a rule that the readers of Engram's own experiments do not know. */
export function knownParameters(
  { experiment }: RunSpec,
  values: RunSpec['parameters'],
  { task, rule }: { readonly [Kind in 'task' | 'rule']?: LoadedExtensions[Kind] | undefined },
): RunSpec['parameters'] {
  const usual = task === undefined ? pickParameters(findExperiment(experiment), values) : values;
  return rule === undefined ? usual : { ...usual, rule: 'hebb' };
}

/** @param dataset of the experiment `images`. @throws InputError where a parameter breaks its rule; what the file itself throws. */
export function createExtendedTask(spec: RunSpec, { task: own, rule }: LoadedExtensions, dataset: ImageDataset | undefined): ExtendedTask {
  const settings = readParameters(experimentOf(spec).parameters, spec.parameters);
  const known = knownParameters(spec, settings, { task: own, rule });
  if (own !== undefined) {
    const task = createExtensionTask(own, settings);
    const { inputs, inputScale } = task;
    return { task, options: known as unknown as ExtendedTask['options'], settings, inputs, inputScale };
  }
  if (spec.experiment === 'images' && dataset !== undefined) {
    const options = readImagesParameters(known);
    const task = createImageRecall(options, dataset);
    return { task, options, settings, inputs: task.outputs, inputScale: 1 };
  }
  if (spec.experiment === 'binary') {
    const options = readBinaryParameters(known);
    const task = createBinaryRecall(options);
    return { task, options, settings, inputs: task.outputs, inputScale: 1 / options.inputGain };
  }
  throw new Error(`the experiment ${spec.experiment} works with nothing of the user's`);
}
