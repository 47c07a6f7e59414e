// Everything that opens the window: Electron, the built parts, a screen where none is.

import { ensureBuilt } from './build.mjs';
import { ensureElectron } from './electron.mjs';
import { repositoryRoot } from './paths.mjs';

/** Whether this session has a screen. */
export const hasScreen = () => process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/**
 * Brings what the window needs; `screenless`: it is to open in memory where there is no screen.
 * @param {{screenless: boolean}} options
 * @returns {Promise<{program: string, args: string[], wrap: string[]}>} `wrap` goes before the program of whoever opens windows
 */
export async function ensureWorkbench({ screenless }) {
  const inMemory = screenless && !hasScreen();
  const { program, version } = await ensureElectron({ screen: inMemory });
  await ensureBuilt(version);
  return {
    program,
    args: [repositoryRoot, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    wrap: inMemory ? ['xvfb-run', '-a', '-s', '-screen 0 1600x1000x24'] : [],
  };
}
