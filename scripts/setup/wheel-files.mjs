// From a pinned wheel to a folder in the cache with the few files of it that are needed.

import { existsSync, mkdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { download } from './download.mjs';
import { writeJson } from './files.mjs';
import { cacheFolder } from './paths.mjs';
import { downloadWithPip, locateWheel } from './pip.mjs';
import { createProgress, formatBytes, secondsSince } from './report.mjs';
import { SetupError } from './setup-error.mjs';
import { unzip } from './unzip.mjs';

/** @typedef {import('./wheels.mjs').WheelPin} WheelPin */

// Beside the archive its unpacked libraries must fit: they are at most three times as large.
const spaceFactor = 4;

/** @param {WheelPin} wheel */
export const wheelFolder = (wheel) => path.join(cacheFolder(), 'wheels', `${wheel.name}-${wheel.version}-${wheel.sha256.slice(0, 8)}`);

/** @param {WheelPin} wheel */
export const hasWheelFiles = (wheel) => existsSync(wheelFolder(wheel));

/**
 * Fetches and unpacks the wheel unless that is done; the archive is deleted afterwards.
 * @param {WheelPin} wheel
 * @param {{before: number, total: number}} [whole] in bytes, where this wheel is one of several
 * @throws {SetupError}
 */
export async function ensureWheelFiles(wheel, whole = { before: 0, total: wheel.bytes }) {
  if (hasWheelFiles(wheel)) return;
  requireSpace(wheel);
  const archive = path.join(cacheFolder(), 'downloads', wheel.filename);
  const startedAtMs = Date.now();
  const progress = createProgress(`${wheel.name} ${wheel.version} (${formatBytes(wheel.bytes)})`, whole);
  try {
    if (!existsSync(archive)) await fetchWheel(wheel, archive, progress);
    progress.update('unpacking', wheel.bytes);
    await unpack(wheel, archive);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    progress.end('not possible');
    throw new SetupError(
      `${wheel.name} ${wheel.version} could not be fetched: ${reason}`,
      'check the network and where pip looks for packages (`python3 -m pip config list`), then run `npm start -- setup`; what has arrived is kept',
    );
  }
  progress.end(`fetched and unpacked in ${secondsSince(startedAtMs)}`);
}

/**
 * @param {WheelPin} wheel
 * @param {string} archive
 * @param {import('./report.mjs').Progress} progress
 */
async function fetchWheel(wheel, archive, progress) {
  progress.update('asking pip where it is');
  const url = await locateWheel(wheel);
  let reason = 'pip names no address for it';
  if (url !== null) {
    try {
      const onProgress = (/** @type {number} */ received) => {
        progress.update(`${formatBytes(received)} of ${formatBytes(wheel.bytes)}`, received);
      };
      await download({ url, target: archive, sha256: wheel.sha256, bytes: wheel.bytes, onProgress });
      return;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
  }
  progress.update(`${reason}; letting pip download it`);
  try {
    await downloadWithPip(wheel, archive);
  } catch (error) {
    throw new Error(`${reason}, and ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/**
 * @param {WheelPin} wheel
 * @param {string} archive
 */
async function unpack(wheel, archive) {
  const folder = wheelFolder(wheel);
  const temporary = `${folder}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  const count = await unzip(archive, temporary, wheel.keep);
  if (count === 0) throw new Error('the archive holds none of the files expected');
  writeJson(path.join(temporary, 'wheel.json'), { name: wheel.name, version: wheel.version, sha256: wheel.sha256 });
  renameSync(temporary, folder);
  rmSync(archive, { force: true });
}

/** @param {WheelPin} wheel */
function requireSpace(wheel) {
  mkdirSync(cacheFolder(), { recursive: true });
  const { bavail, bsize } = statfsSync(cacheFolder());
  const needed = spaceFactor * wheel.bytes;
  if (bavail * bsize >= needed) return;
  throw new SetupError(
    `${wheel.name} needs ${formatBytes(needed)} while it is unpacked, and the cache folder ${cacheFolder()} has ${formatBytes(bavail * bsize)} free`,
    'free some space, or name another folder with ENGRAM_CACHE, and run `npm start -- setup`',
  );
}
