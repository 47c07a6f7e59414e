/** From what somebody typed to a run folder. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import { findNearestName } from '../../core/contract/nearest-name.ts';
import { runsFolder } from './data-folder.ts';
import { runPaths, type RunPaths } from './run-paths.ts';

/**
 * The run called `argument`: its id, the beginning of it, a path to its folder, or `last`.
 * @throws InputError `unknown-run` or `ambiguous-run`.
 */
export function findRun(dataFolder: string, argument: string): RunPaths {
  const runs = runsFolder(dataFolder);
  const ids = listRuns(runs);
  if (argument === 'last') {
    const newest = ids.at(-1);
    if (newest === undefined) throw new InputError('unknown-run', `there is no run yet in ${dataFolder}`);
    return runPaths(join(runs, newest));
  }
  if (ids.includes(argument)) return runPaths(join(runs, argument));
  if (isRun(resolve(argument))) return runPaths(argument);
  const matches = argument === '' ? [] : ids.filter((id) => id.startsWith(argument));
  if (matches.length === 1) return runPaths(join(runs, matches[0]!));
  if (matches.length > 1) {
    throw new InputError('ambiguous-run', `"${argument}" is the beginning of ${matches.length} runs: ${matches.slice(-5).join(', ')}`);
  }
  const nearest = findNearestName(argument, ids);
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  throw new InputError('unknown-run', `there is no run "${argument}" in ${dataFolder}${hint}`);
}

/** Oldest first. */
function listRuns(runs: string): string[] {
  if (!existsSync(runs)) return [];
  const timeOf = (id: string) => id.slice(0, 'yyyymmdd-hhmmss'.length);
  const bornMs = (id: string) => statSync(join(runs, id)).birthtimeMs;
  return readdirSync(runs)
    .filter((id) => isRun(join(runs, id)))
    .sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : bornMs(a) - bornMs(b)));
}

function isRun(folder: string): boolean {
  return existsSync(join(folder, 'spec.json'));
}
