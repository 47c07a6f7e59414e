// Programs and libraries of the system: found, or installed where that is ours to do (root on Debian or a relative), or named.

import { readFileSync } from 'node:fs';
import { findProgram } from './paths.mjs';
import { capture, lastLines } from './processes.mjs';
import { createProgress, secondsSince } from './report.mjs';
import { SetupError } from './setup-error.mjs';

const retry = 'then run `npm start -- setup`';

/**
 * Makes sure that pip, a C++ compiler and make are there.
 * @throws {SetupError} naming what is missing and the command that installs it
 */
export async function ensureSystemTools() {
  const missing = await findMissingPackages();
  if (missing.length > 0) await ensureDebianPackages(missing, 'for the TensorFlow binding');
}

/**
 * Installs Debian packages, or says how.
 * @param {readonly string[]} missing
 * @param {string} purpose
 * @throws {SetupError} naming what is missing and the command that installs it
 */
export async function ensureDebianPackages(missing, purpose) {
  if (!hasApt()) {
    throw new SetupError(
      `these packages are missing ${purpose} (by their Debian names): ${missing.join(', ')}`,
      `install them with your system's package manager, ${retry}`,
    );
  }
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    throw new SetupError(`these Debian packages are missing ${purpose}: ${missing.join(', ')}`, `run \`sudo ${command}\`, ${retry}`);
  }
  await install(missing, command);
}

/** Debian package names; other systems call them much the same. */
async function findMissingPackages() {
  const missing = [];
  const hasPython = findProgram('python3') !== null;
  if (!hasPython) missing.push('python3');
  if (!hasPython || (await capture('python3', ['-m', 'pip', '--version'])).code !== 0) missing.push('python3-pip');
  if (findProgram('g++') === null) missing.push('g++');
  if (findProgram('make') === null) missing.push('make');
  return missing;
}

/**
 * @param {readonly string[]} packages
 * @param {string} command
 */
async function install(packages, command) {
  const startedAtMs = Date.now();
  const progress = createProgress(`Debian packages ${packages.join(', ')} (up to 350 MB)`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], command.split(' ').slice(1)]) {
    progress.update(`apt-get ${args[0]}`);
    const { code, output } = await capture('apt-get', args, { env, mustEnd: true });
    // A single unreachable source fails the update, while the packages may still come from the others.
    if (code === 0 || args[0] === 'update') continue;
    progress.end('not possible');
    throw new SetupError(
      `apt-get could not install ${packages.join(', ')} (${lastLines(output, 1)})`,
      `run \`${command}\` yourself, ${retry}`,
    );
  }
  progress.end(`installed in ${secondsSince(startedAtMs)}`);
}

function hasApt() {
  if (findProgram('apt-get') === null) return false;
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}
