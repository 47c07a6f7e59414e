/** All experiments by name. */
import { InputError } from '../contract/errors.ts';
import { suggestName } from '../contract/nearest-name.ts';
import type { Experiment } from './experiment.ts';
import { binary } from './binary.ts';
import { images } from './images.ts';
import { maze } from './maze.ts';
import { omniglot } from './omniglot.ts';

export const experiments: readonly Experiment[] = [images, binary, omniglot, maze];

/** @throws InputError `unknown-experiment` with the nearest real name. */
export function findExperiment(name: string): Experiment {
  const found = experiments.find((experiment) => experiment.name === name);
  if (found !== undefined) return found;
  const names = experiments.map((experiment) => experiment.name);
  throw new InputError('unknown-experiment', `there is no experiment "${name}": ${suggestName(name, names)}`);
}
