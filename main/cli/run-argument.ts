/** From what somebody typed for RUN to what the host understands. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import { runsFolder } from '../run-folder/data-folder.ts';
import { runPaths, type RunPaths } from '../run-folder/run-paths.ts';
import { dataFolder, type Context } from './context.ts';
import { resolveUserPath } from './options.ts';

export const runArgument = "a run's id, the beginning of it, its folder, or: last";

/**
 * An id, its beginning or `last` as it is; a run folder's path as the id.
 * @throws InputError `unknown-run` for a run folder of another lab.
 */
export function toRunArgument(context: Context, argument: string): string {
  const folder = findRunFolder(argument);
  if (folder === undefined) return argument;
  const data = dataFolder(context);
  if (dirname(folder) === runsFolder(data)) return basename(folder);
  throw new InputError('unknown-run', `the run in ${folder} does not belong to the lab in ${data}; name its lab with --data`);
}

export function toRunArguments(context: Context, args: readonly string[]): string[] {
  return args.map((argument) => toRunArgument(context, argument));
}

/**
 * The run's files; a run folder may lie anywhere.
 * @throws InputError `unknown-run` or `ambiguous-run`.
 */
export async function findRunPaths(context: Context, argument: string): Promise<RunPaths> {
  const folder = findRunFolder(argument);
  if (folder !== undefined) return runPaths(folder);
  const { api } = await context.connect();
  return runPaths((await api.runs.get({ run: argument })).folder);
}

function findRunFolder(argument: string): string | undefined {
  if (!/[/\\]|^\.{1,2}$/.test(argument)) return undefined;
  const path = resolveUserPath(argument);
  return existsSync(join(path, 'spec.json')) ? path : undefined;
}
