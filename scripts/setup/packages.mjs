// The locked npm packages: installed with `npm ci` when node_modules is missing or differs from package-lock.json.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseJson, readJson, sha256, writeJson } from './files.mjs';
import { findNode } from './node-runtime.mjs';
import { findNpm } from './npm.mjs';
import { inModules, repositoryRoot, stateFolder } from './paths.mjs';
import { capture, lastLines } from './processes.mjs';
import { createProgress, secondsSince } from './report.mjs';
import { SetupError } from './setup-error.mjs';

const stampFile = path.join(stateFolder, 'packages.json');
const approximateSize = 'about 800 MB on disk';

/** @typedef {{packages: Record<string, {version?: string, integrity?: string, optional?: boolean}>}} Lock */

const readLock = () => readFileSync(path.join(repositoryRoot, 'package-lock.json'), 'utf8');

/** @param {string} lock */
const stampOf = (lock) => sha256(`${process.platform} ${process.arch}\n${lock}`);

export const lockFingerprint = () => stampOf(readLock());

export function packagesAreInstalled() {
  const stamp = /** @type {{lock?: string} | null} */ (readJson(stampFile));
  return stamp?.lock === lockFingerprint() && findNode() !== null;
}

/** @throws {SetupError} */
export async function ensurePackages() {
  if (packagesAreInstalled()) return;
  const text = readLock();
  const lock = /** @type {Lock} */ (parseJson(text));
  if (!matchesInstalled(lock)) await installPackages(lock);
  writeJson(stampFile, { lock: stampOf(text) });
}

/**
 * Whether someone has already run `npm ci` or `npm install` by hand: npm keeps a record of what it installed.
 * @param {Lock} lock
 */
function matchesInstalled(lock) {
  const installed = /** @type {Lock | null} */ (readJson(inModules('.package-lock.json')));
  if (installed === null || findNode() === null) return false;
  const wanted = Object.entries(lock.packages).filter(([place]) => place !== '');
  return (
    wanted.every(([place, entry]) => {
      const present = installed.packages[place];
      return present === undefined
        ? entry.optional === true
        : present.integrity === entry.integrity && existsSync(path.join(repositoryRoot, place));
    }) && Object.keys(installed.packages).every((place) => place in lock.packages)
  );
}

/** @param {Lock} lock */
async function installPackages(lock) {
  const places = Object.keys(lock.packages).filter((place) => place !== '');
  const startedAtMs = Date.now();
  const progress = createProgress(`npm packages (${places.length} locked, ${approximateSize})`);
  const countPlaces = () => places.filter((place) => existsSync(path.join(repositoryRoot, place, 'package.json'))).length;
  const timer = setInterval(() => progress.update(`${countPlaces()} of ${places.length}`), 1000);
  const { code, output } = await runNpmCi();
  clearInterval(timer);
  if (code !== 0 || findNode() === null) {
    progress.end('not possible');
    throw new SetupError(
      code === 0
        ? `no Node 24 binary is published for ${process.platform} ${process.arch}`
        : `the locked npm packages could not be installed (${npmReason(output)})`,
      'check the network and npm’s registry setting (`npm config get registry`), then run the same command again; what has arrived is kept in npm’s cache',
    );
  }
  progress.end(`${countPlaces()} installed in ${secondsSince(startedAtMs)}`);
}

/** Also where NODE_ENV or npm's own settings would leave some out. */
const everything = ['--include=dev', '--include=optional'];

function runNpmCi() {
  const npm = findNpm();
  return capture(npm.program, [...npm.args, 'ci', ...everything, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: repositoryRoot,
  });
}

/**
 * npm puts the reason first and its usage and log file last.
 * @param {string} output
 */
function npmReason(output) {
  const reasons = [...output.matchAll(/^npm error (?!code |A complete log)(\S.*)$/gm)].map(([, text]) => text);
  return reasons.slice(0, 2).join(' ') || lastLines(output);
}
