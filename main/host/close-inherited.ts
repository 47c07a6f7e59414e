/** Lets go of what another program left open in this process: on Linux, Chromium's connections and files go on into whatever Electron starts. */
import { closeSync, readdirSync, readlinkSync } from 'node:fs';

/**
 * Closes files, sockets and pipes that came with this process, but for the standard three and `kept`. While a host held them, a window that had
 * ended would stay on the screen, and whoever waits for the window's end would wait for the host's. To be called before this process opens any.
 */
export function closeInherited(kept: readonly number[]): void {
  if (process.platform !== 'linux') return;
  const open = readdirSync('/proc/self/fd').map((name) => ({ descriptor: Number(name), target: targetOf(name) }));
  for (const { descriptor, target } of open) {
    if (descriptor <= 2 || kept.includes(descriptor)) continue;
    // Node's own at this time are event queues, and pipes with both ends in here.
    const ends = open.filter((other) => other.target === target).length;
    if (target.startsWith('/') || target.startsWith('socket:') || (target.startsWith('pipe:') && ends === 1)) closeSync(descriptor);
  }
}

/** Empty for the descriptor with which the list was read. */
function targetOf(name: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${name}`);
  } catch {
    return '';
  }
}
