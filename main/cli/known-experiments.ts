/** The names that a query for runs may use: of Engram's experiments, and of tasks, networks and rules of the user's. */
import { existsSync } from 'node:fs';
import { experiments } from '../../core/experiments/index.ts';
import { extensionsFolder } from '../extensions/extension-files.ts';
import { dataFolder, type Context } from './context.ts';

export interface KnownExperiment {
  readonly name: string;
  readonly variants: readonly string[];
  readonly parameters: readonly string[];
}

export const builtInExperiments: readonly KnownExperiment[] = experiments.map(({ name, variants, parameters }) => ({
  name,
  variants: variants.map((variant) => variant.name),
  parameters: Object.keys(parameters),
}));

/** With tasks that have gone, of which there are runs. The host is asked only where the user has ever added anything. */
export async function findKnownExperiments(context: Context): Promise<readonly KnownExperiment[]> {
  if (!existsSync(extensionsFolder(dataFolder(context)))) return builtInExperiments;
  const { api } = await context.connect();
  const all = await api.experiments.list();
  return all.map(({ name, variants, rules, parameters }) => ({
    name,
    variants: variants.map((variant) => variant.name),
    parameters: [...parameters, ...[...variants, ...rules].flatMap((owner) => owner.parameters)].map((parameter) => parameter.name),
  }));
}
