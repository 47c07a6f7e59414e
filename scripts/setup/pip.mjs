// The user's own pip as the way to a wheel, so that their mirrors, proxies and certificates hold.

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256OfFile } from './files.mjs';
import { capture, lastLines } from './processes.mjs';

/** @typedef {import('./wheels.mjs').WheelPin} WheelPin */

const askTimeoutMs = 120_000;
const downloadTimeoutMs = 2 * 3_600_000;

/**
 * The address at which pip finds the wheel, or null when its answer does not tell (an old pip, a folder as index).
 * `pip index` only reads the index page; `pip install --dry-run` would download the whole wheel to look at its metadata.
 * @param {WheelPin} wheel
 */
export async function locateWheel(wheel) {
  const args = ['-m', 'pip', 'index', 'versions', wheel.name, '-vv', '--disable-pip-version-check', '--no-input', '--retries=1'];
  const { output } = await capture('python3', args, { timeoutMs: askTimeoutMs });
  return addressIn(output, wheel.filename);
}

/**
 * @param {string} output what pip printed
 * @param {string} filename
 */
export function addressIn(output, filename) {
  const address = output.split(/[\s#]+/).find((word) => /^https?:\/\//.test(word) && word.endsWith(`/${filename}`));
  // pip hides passwords in what it prints: such an address only pip itself can use.
  return address === undefined || address.includes(':****@') ? null : address;
}

/**
 * Its addresses are long, and stand in what it says twice.
 * @param {string} output
 */
function lastWords(output) {
  return lastLines(output, 1)
    .replace(/^ERROR: /, '')
    .replace(/ for URL .*/, '')
    .replace(/^.* because of /, '');
}

/**
 * Lets pip do the whole download; it can't continue a partial one.
 * @param {WheelPin} wheel
 * @param {string} target
 * @throws {Error} with pip's last words
 */
export async function downloadWithPip(wheel, target) {
  const folder = `${target}.pip`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    const requirement = path.join(folder, 'requirement.txt');
    writeFileSync(requirement, `${wheel.name}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
    const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--python-version=311', '--platform=manylinux2014_x86_64'];
    args.push('--disable-pip-version-check', '--no-input', '--retries=2', '--progress-bar=off', '--no-cache-dir', '--require-hashes');
    const { code, output } = await capture('python3', [...args, '-d', folder, '-r', requirement], { timeoutMs: downloadTimeoutMs });
    if (code !== 0) throw new Error(`pip could not download it (${lastWords(output) || `it ended with code ${code} and without a word`})`);
    const file = path.join(folder, wheel.filename);
    if ((await sha256OfFile(file)) !== wheel.sha256) throw new Error(`${wheel.filename} does not have the expected SHA-256`);
    renameSync(file, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
