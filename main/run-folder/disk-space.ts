/** Meeting a full disk before it cuts a file. */
import { statfsSync } from 'node:fs';
import { FailureError } from '../../core/contract/errors.ts';

/** What stays free for the last records of a run, and for others. */
export const reserveBytes = 4 * 2 ** 20;

/** Bytes that this process may still write there; Infinity where the file system does not say. */
export function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}

/** @throws FailureError `disk-full` unless `bytes` and the reserve fit. */
export function requireSpace(folder: string, bytes: number, what: string): void {
  const free = freeBytes(folder);
  if (free < bytes + reserveBytes) {
    throw diskFull(`the disk is full: ${what} needs ${formatSpace(bytes + reserveBytes)}, and ${formatSpace(free)} are left in ${folder}`);
  }
}

/** `error` as a `disk-full` failure where it is one; otherwise `error` itself. */
export function explainDiskError(error: unknown, folder: string): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error instanceof Error ? error : new Error(String(error));
  return diskFull(`the disk is full: ${formatSpace(freeBytes(folder))} are left in ${folder}`, error);
}

function diskFull(message: string, cause?: unknown): FailureError {
  return new FailureError('disk-full', message, { cause });
}

export function formatSpace(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
