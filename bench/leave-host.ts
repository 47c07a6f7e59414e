/** Leaves a host and waits until its process is gone: until then it writes into its folder, which is not to be removed beneath it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostClient } from '../main/host-client/connect-host.ts';

/** The host leaves by itself when it has no other clients and no work. */
export async function leaveHost(client: HostClient): Promise<void> {
  const { pid } = await client.api.host.status();
  client.close();
  while (isThere(pid)) await sleep(20);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
