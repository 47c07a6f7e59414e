/** Draws from a task of the user's as a run would, with its defaults: what is wrong with it is found before a run is made. */
import type { ExtensionOf } from '../contract/extension.ts';
import { createTaskExperiment } from '../experiments/extended.ts';
import { readParameters } from '../experiments/read-parameters.ts';
import { createRandom } from '../random.ts';
import { createExtensionTask } from './create-recall-task.ts';
import type { TaskExtension } from './extension.ts';

const episodes = 2;

/** @throws InputError `extension-invalid`; what the file itself throws. */
export function tryTask(extension: TaskExtension, description: ExtensionOf<'task'>): void {
  const task = createExtensionTask(extension, readParameters(createTaskExperiment(description).parameters, {}));
  for (const part of ['training', 'evaluation'] as const) {
    const { targets } = task.draw(part, episodes, createRandom(1, 'protocols'), createRandom(1, 'patterns'));
    const target = targets.slice(0, task.outputs);
    task.score?.(new Float32Array(task.outputs), target);
    task.score?.(target, target);
  }
}
