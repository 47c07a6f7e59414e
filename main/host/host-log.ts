/** The host's log: one JSON object a line; the file before the present one is kept. */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

export interface HostLog {
  readonly path: string;
  info(message: string): void;
  /** With the stack of `error`. */
  error(message: string, error?: unknown): void;
  close(): void;
}

export function createHostLog(path: string, maximumBytes = 5e6): HostLog {
  let file = openSync(path, 'a', 0o600);
  let sizeBytes = fstatSync(file).size;
  const rotate = () => {
    closeSync(file);
    renameSync(path, `${path}.old`);
    file = openSync(path, 'a', 0o600);
    sizeBytes = 0;
  };
  const write = (level: string, message: string, stack?: string) => {
    const line = `${JSON.stringify({ at: new Date().toISOString(), level, message, stack })}\n`;
    try {
      if (sizeBytes > 0 && sizeBytes + line.length > maximumBytes) rotate();
      sizeBytes += writeSync(file, line);
    } catch {
      // A full disk must not end the host for a line of its log.
    }
  };
  return {
    path,
    info: (message) => write('info', message),
    error: (message, error) => write('error', message, error instanceof Error ? (error.stack ?? error.message) : describe(error)),
    close: () => closeSync(file),
  };
}

function describe(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}
