// A plain Chromium for the tests of single components: one of the system, or Debian's, where installing it is ours to do.

import { existsSync } from 'node:fs';
import { findProgram } from './paths.mjs';
import { SetupError } from './setup-error.mjs';
import { ensureDebianPackages } from './system-tools.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
/** Where they lie on systems that have no PATH for them. */
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * The program of a browser; the variable ENGRAM_BROWSER names another.
 * @returns {Promise<{program: string} | {reason: string}>}
 */
export async function ensureBrowser() {
  const found = findBrowser();
  if (found !== undefined) return { program: found };
  try {
    await ensureDebianPackages(['chromium'], 'for the tests of components');
  } catch (error) {
    if (error instanceof SetupError) return { reason: error.message };
    throw error;
  }
  const program = findBrowser();
  return program === undefined ? { reason: 'no Chromium was found' } : { program };
}

function findBrowser() {
  const { ENGRAM_BROWSER: named } = process.env;
  if (named) return named;
  return names.map((name) => findProgram(name)).find((program) => program !== null) ?? places.find((place) => existsSync(place));
}
