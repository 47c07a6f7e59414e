/** What a process that looks inside a run takes in memory, and what a backend takes alone (this file as a program). Linux tells; others do not. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { trainerEnvironment } from '../main/trainer/environment.ts';
import { openBackend } from './open-backend.ts';

/** Of the one that was asked last: each lab has one run under the bench at a time. */
export function peakOfInspection(dataFolder: string): number | undefined {
  const found = processes().filter(({ command }) => command.includes('"job":"inspect"') && command.includes(dataFolder));
  return found.at(-1)?.peakBytes;
}

/** The most that a process had resident which does nothing but start TensorFlow as a trainer does. */
export function peakOfBackend(): number | undefined {
  const env = trainerEnvironment({ precision: 'float32', batch: 1 });
  const text = execFileSync(process.execPath, [fileURLToPath(import.meta.url)], { env, encoding: 'utf8' });
  const bytes = Number(text.trim().split('\n').at(-1));
  return bytes > 0 ? bytes : undefined;
}

function processes(): { readonly command: string; readonly peakBytes: number }[] {
  if (process.platform !== 'linux') return [];
  const ids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(a) - Number(b));
  return ids.flatMap((id) => {
    try {
      return [{ command: readFileSync(`/proc/${id}/cmdline`, 'utf8'), peakBytes: peakOf(id) }];
    } catch {
      // Ended meanwhile.
      return [];
    }
  });
}

function peakOf(id: string): number {
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0);
}

if (import.meta.main) {
  await openBackend({ backend: 'tensorflow', precision: 'float32' });
  console.log(process.platform === 'linux' ? peakOf('self') : 0);
  process.exit(0);
}
