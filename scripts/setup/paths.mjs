// Where set-up keeps things: inside the repository, and in a cache folder that outlives node_modules.

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** What set-up remembers between starts; it goes when node_modules goes. */
export const stateFolder = path.join(repositoryRoot, 'node_modules', '.engram');

/** @param {...string} parts */
export const inModules = (...parts) => path.join(repositoryRoot, 'node_modules', ...parts);

/**
 * The folder for downloaded libraries and built bindings; the variable ENGRAM_CACHE names another.
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 */
export function cacheFolder(env = process.env, platform = process.platform) {
  if (env.ENGRAM_CACHE) return path.resolve(env.ENGRAM_CACHE);
  if (platform === 'win32') return path.join(env.LOCALAPPDATA ?? path.join(homedir(), 'AppData', 'Local'), 'engram', 'cache');
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', 'engram');
  return path.join(env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'engram');
}

/**
 * The full path of a program on the PATH, or null.
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 */
export function findProgram(name, env = process.env) {
  for (const folder of (env.PATH ?? '').split(path.delimiter)) {
    if (folder && existsSync(path.join(folder, name))) return path.join(folder, name);
  }
  return null;
}
