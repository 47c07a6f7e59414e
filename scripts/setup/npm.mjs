// The npm that is running us, or the one on the PATH, and the node-gyp that comes with it.

import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { findProgram } from './paths.mjs';

/**
 * How to start npm. The Node that runs npm is preferred to our own, because `npm ci` replaces the one in node_modules.
 * @returns {{program: string, args: string[]}}
 */
export function findNpm(env = process.env) {
  const script = findNpmScript(env);
  if (script === null) return { program: 'npm', args: [] };
  const runner = env.npm_node_execpath;
  return { program: runner && existsSync(runner) ? runner : process.execPath, args: [script] };
}

/** @param {NodeJS.ProcessEnv} env */
function findNpmScript(env) {
  const running = env.npm_execpath;
  if (running && path.basename(running) === 'npm-cli.js' && existsSync(running)) return running;
  const onPath = findProgram('npm', env);
  if (onPath === null) return null;
  const real = realpathSync(onPath);
  return path.basename(real) === 'npm-cli.js' ? real : null;
}

/**
 * The start script of npm's own node-gyp, or null where npm does not carry one.
 * @returns {string | null}
 */
export function findNodeGyp(env = process.env) {
  const script = findNpmScript(env);
  if (script === null) return null;
  try {
    return createRequire(script).resolve('node-gyp/bin/node-gyp.js');
  } catch {
    return null;
  }
}
