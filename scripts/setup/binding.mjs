// The small native binding between Node and libtensorflow: built once from the package's sources, kept in the cache, placed where the package looks.

import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from './files.mjs';
import { findNode, findNodePackage } from './node-runtime.mjs';
import { findNodeGyp } from './npm.mjs';
import { cacheFolder, inModules } from './paths.mjs';
import { capture, lastLines } from './processes.mjs';
import { createProgress, secondsSince } from './report.mjs';
import { SetupError } from './setup-error.mjs';
import { tensorflowVersion } from './wheels.mjs';

const packageFolder = inModules('@tensorflow', 'tfjs-node-gpu');
const bindingName = 'tfjs_binding.node';
const buildTimeoutMs = 10 * 60_000;
const loadTimeoutMs = 120_000;

// The names under which the linker and the loader ask for the two libraries.
const libraryLinks = {
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow_cc.so.2': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
  'libtensorflow_framework.so.2': 'libtensorflow_framework.so.2',
};

/** The built binding in the cache; its name changes with everything that goes into it. */
export function builtBinding() {
  const hash = [tensorflowVersion, process.arch, readFileSync(path.join(findNodePackage() ?? '', 'package.json'), 'utf8')];
  for (const name of readdirSync(path.join(packageFolder, 'binding')).sort()) {
    hash.push(name, readFileSync(path.join(packageFolder, 'binding', name), 'utf8'));
  }
  hash.push(readFileSync(path.join(packageFolder, 'binding.gyp'), 'utf8'));
  return path.join(cacheFolder(), 'bindings', sha256(hash.join('\0')).slice(0, 16), bindingName);
}

/**
 * Builds the binding against the library unless the cache has it.
 * @param {string} libraryFolder with the two libraries and include/
 * @throws {SetupError}
 */
export async function ensureBinding(libraryFolder) {
  const binding = builtBinding();
  if (existsSync(binding)) return;
  const startedAtMs = Date.now();
  const progress = createProgress('TensorFlow binding (86 kB, built from source)');
  progress.update('compiling');
  const build = `${path.dirname(binding)}.build`;
  try {
    rmSync(build, { recursive: true, force: true });
    cpSync(path.join(packageFolder, 'binding'), path.join(build, 'binding'), { recursive: true });
    for (const name of ['binding.gyp', 'package.json']) copyFileSync(path.join(packageFolder, name), path.join(build, name));
    placeLibraries(path.join(build, 'deps', 'lib'), libraryFolder);
    symlinkSync(path.join(libraryFolder, 'include'), path.join(build, 'deps', 'include'));
    await compile(build);
    mkdirSync(path.dirname(binding), { recursive: true });
    renameSync(path.join(build, 'lib', bindingName), binding);
  } catch (error) {
    progress.end('not possible');
    throw error;
  } finally {
    rmSync(build, { recursive: true, force: true });
  }
  progress.end(`built in ${secondsSince(startedAtMs)}`);
}

/**
 * Puts the binding and links to the libraries into the installed package, after a trial: what worked before is replaced only by what can be loaded.
 * @param {string} libraryFolder
 * @param {readonly string[]} libraryPath further folders for the loader
 * @throws {SetupError}
 */
export async function placeBinding(libraryFolder, libraryPath) {
  const trial = path.join(cacheFolder(), 'trial');
  try {
    await load(placeIn(trial, libraryFolder), libraryPath);
  } finally {
    rmSync(trial, { recursive: true, force: true });
  }
  placeIn(packageFolder, libraryFolder);
}

/**
 * @param {string} folder as the package's: the binding finds the libraries by their place beside it
 * @param {string} libraryFolder
 * @returns {string} the binding there
 */
function placeIn(folder, libraryFolder) {
  const target = path.join(folder, 'lib', 'napi-v8', bindingName);
  placeLibraries(path.join(folder, 'deps', 'lib'), libraryFolder);
  mkdirSync(path.dirname(target), { recursive: true });
  // A training that has loaded the one before keeps it: overwritten in place, it would pull the ground from under it.
  copyFileSync(builtBinding(), `${target}.new`);
  renameSync(`${target}.new`, target);
  return target;
}

/**
 * Loads the binding once, in a process of its own.
 * @param {string} binding
 * @param {readonly string[]} libraryPath
 * @throws {SetupError}
 */
async function load(binding, libraryPath) {
  const env = {
    ...process.env,
    TF_CPP_MIN_LOG_LEVEL: '2',
    LD_LIBRARY_PATH: [...libraryPath, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
  };
  const program = 'process.dlopen({ exports: {} }, process.argv[1])';
  const { code, output } = await capture(requireNode(), ['-e', program, binding], { env, timeoutMs: loadTimeoutMs });
  if (code === 0) return;
  throw new SetupError(
    `libtensorflow was installed but can't be loaded (${lastLines(output, 1)})`,
    'run `npm start -- setup` to try again',
  );
}

/** Whether the package still has its binding and libraries: `npm ci` removes them, and the cache may be emptied. */
export function bindingIsPlaced() {
  return (
    existsSync(path.join(packageFolder, 'lib', 'napi-v8', bindingName)) &&
    existsSync(path.join(packageFolder, 'deps', 'lib', 'libtensorflow_cc.so.2'))
  );
}

/**
 * @param {string} folder
 * @param {string} libraryFolder
 */
function placeLibraries(folder, libraryFolder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [link, library] of Object.entries(libraryLinks)) symlinkSync(path.join(libraryFolder, library), path.join(folder, link));
}

/** @param {string} build */
async function compile(build) {
  const nodeGyp = findNodeGyp();
  if (nodeGyp === null) throw new SetupError('npm’s node-gyp was not found', 'install npm 10 or newer, then run `npm start -- setup`');
  const args = [
    nodeGyp,
    'rebuild',
    `--nodedir=${findNodePackage() ?? ''}`,
    '--module_name=tfjs_binding',
    `--module_path=${path.join(build, 'lib')}`,
  ];
  // npm hands its whole configuration down; node-gyp would take settings such as `nodedir` from it.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  const { code, output } = await capture(requireNode(), [...args, '--napi_build_version=8'], {
    cwd: build,
    env,
    timeoutMs: buildTimeoutMs,
  });
  if (code === 0) return;
  const cause = /^.*\berror:.*$/im.exec(output)?.[0].trim() ?? lastLines(output, 2);
  throw new SetupError(
    `the TensorFlow binding did not compile (${cause})`,
    'see that g++, make and python3 work, then run `npm start -- setup`',
  );
}

function requireNode() {
  const node = findNode();
  if (node === null) throw new SetupError('the pinned Node 24 is missing', 'run `npm ci`');
  return node;
}
