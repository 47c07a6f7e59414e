/** From what somebody typed for RUN to what the host understands. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import { runsFolder } from '../run-folder/data-folder.ts';
import { runPaths, type RunPaths } from '../run-folder/run-paths.ts';
import { dataFolder, type Context } from './context.ts';
import { truncate } from './format.ts';
import { resolveUserPath } from './options.ts';

export const runArgument = "a run's id, the beginning of it, its folder, or: last";

/** As long as the host reads; no id is. */
const longest = 200;

/**
 * An id, its beginning or `last` as it is; a run folder's path as the id.
 * @throws InputError `unknown-run` for what cannot be an id, and for a run folder of another lab.
 */
export function toRunArgument(context: Context, argument: string): string {
  if (argument === '')
    throw new InputError(
      'unknown-run',
      'a run is named by its id, the beginning of it, its folder, or "last"; an empty word is none of these',
    );
  const folder = findRunFolder(argument);
  if (folder === undefined && argument.length > longest)
    throw new InputError('unknown-run', `there is no run "${truncate(argument, 40)}": no id has ${argument.length} characters`);
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
  return runPaths((await api.runs.get({ run: toRunArgument(context, argument) })).folder);
}

function findRunFolder(argument: string): string | undefined {
  if (!/[/\\]|^\.{1,2}$/.test(argument)) return undefined;
  const path = resolveUserPath(argument);
  return existsSync(join(path, 'spec.json')) ? path : undefined;
}
