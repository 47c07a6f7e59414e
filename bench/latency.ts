/** How long calls take, with their files in the memory of the system or not. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { percentile } from './statistics.ts';

export interface Latency {
  readonly name: string;
  readonly calls: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  /** What the 95th percentile must not exceed. */
  readonly targetMs: number | undefined;
}

/** Calls that follow one another; `prepare` is not timed. */
export async function measureLatency(
  name: string,
  calls: number,
  call: () => Promise<unknown>,
  { prepare = () => {}, targetMs }: { readonly prepare?: () => unknown; readonly targetMs?: number } = {},
): Promise<Latency> {
  const times: number[] = [];
  for (let done = 0; done < calls; done++) {
    await prepare();
    const startedMs = performance.now();
    await call();
    times.push(performance.now() - startedMs);
  }
  return { name, calls, medianMs: percentile(times, 0.5), p95Ms: percentile(times, 0.95), targetMs };
}

/** Makes the system forget what it has read of these files; false where it cannot be asked to. */
export function evict(files: readonly string[]): boolean {
  try {
    for (const file of files.filter((path) => existsSync(path)))
      execFileSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
