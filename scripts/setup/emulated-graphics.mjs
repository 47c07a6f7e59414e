// Where there is no graphics card, tests of WebGPU run on the one that Electron brings along for this case: slow, but it holds the same rules.
// Tests that want it take it (core/backend/test-backends.ts); to all others there is none.

import { existsSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { ensureElectron } from './electron.mjs';
import { capture } from './processes.mjs';
import { say } from './report.mjs';
import { SetupError } from './setup-error.mjs';

const listAdapters = `
  import { listWebgpuAdapters } from './core/backend/webgpu.ts';
  process.exit((await listWebgpuAdapters()).length > 0 ? 0 : 1);`;

/**
 * The environment for tests; `env` itself where WebGPU finds a card, or nothing can play one.
 * @param {string} node
 * @param {NodeJS.ProcessEnv} env
 * @param {string} folder for the libraries' names; theirs and no others, as Electron's folder has more
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function withEmulatedGraphics(node, env, folder) {
  if (process.platform !== 'linux') return env;
  if ((await capture(node, ['--input-type=module-typescript', '--eval', listAdapters], { env })).code === 0) return env;
  const electron = await findElectron();
  if (electron === undefined) return env;
  const [loader, driver] = [path.join(electron, 'libvulkan.so.1'), path.join(electron, 'vk_swiftshader_icd.json')];
  if (!existsSync(loader) || !existsSync(driver)) return env;
  symlinkSync(loader, path.join(folder, 'libvulkan.so.1'));
  const libraries = [folder, env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return { ...env, LD_LIBRARY_PATH: libraries, ENGRAM_EMULATED_GRAPHICS: driver };
}

/** @returns {Promise<string | undefined>} its folder */
async function findElectron() {
  try {
    return path.dirname((await ensureElectron()).program);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`WebGPU is not tested: there is no graphics card, and ${error.message}`);
    return undefined;
  }
}
