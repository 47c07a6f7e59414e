// The window's built parts in out/: made anew when a source of theirs has changed.

import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { readJson, sha256, writeJson } from './files.mjs';
import { findNode } from './node-runtime.mjs';
import { lockFingerprint } from './packages.mjs';
import { inModules, repositoryRoot } from './paths.mjs';
import { capture, lastLines } from './processes.mjs';
import { createProgress, secondsSince } from './report.mjs';
import { SetupError } from './setup-error.mjs';

const stampFile = path.join(repositoryRoot, 'out', 'stamp.json');
/** All of core: what the window takes of it changes with what it shows. */
const sources = [
  'electron.config.ts',
  'scripts/licences.mjs',
  'renderer',
  'main/main.ts',
  'main/preload.ts',
  'main/shell',
  'main/host-client',
  'main/run-folder',
  'core',
];

/**
 * @param {string} electronVersion for which the parts are built
 * @throws {SetupError}
 */
export async function ensureBuilt(electronVersion) {
  const stamp = sha256(JSON.stringify([electronVersion, lockFingerprint(), ...sources.flatMap(listFiles)]));
  if (/** @type {{stamp?: string} | null} */ (readJson(stampFile))?.stamp === stamp) return;
  const startedAtMs = Date.now();
  const progress = createProgress('the window');
  const { code, output } = await capture(
    findNode() ?? 'node',
    [inModules('electron-vite/dist/cli.js'), 'build', '-c', 'electron.config.ts', '--logLevel', 'warn'],
    { cwd: repositoryRoot, env: { ...process.env, ELECTRON_MAJOR_VER: electronVersion.split('.')[0] } },
  );
  if (code !== 0) {
    progress.end('not possible');
    throw new SetupError(`the window could not be built (${lastLines(output)})`, 'see the message, then run the same command again');
  }
  writeJson(stampFile, { stamp });
  progress.end(`built in ${secondsSince(startedAtMs)}`);
}

/**
 * Paths with sizes and times: what changes when a file does.
 * @param {string} place
 * @returns {string[]}
 */
function listFiles(place) {
  const full = path.join(repositoryRoot, place);
  const stats = statSync(full);
  if (!stats.isDirectory()) return [`${place} ${stats.size} ${stats.mtimeMs}`];
  return readdirSync(full)
    .sort()
    .flatMap((name) => listFiles(`${place}/${name}`));
}
