/** Where a host listens: a socket that only the owner of the data folder can reach. */
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureError } from '../../../core/contract/errors.ts';
import { hostFiles } from '../../host-client/host-files.ts';

/** Longer paths of sockets do not fit into the system's structure (104 bytes on macOS, 108 on Linux). */
const maximumPathBytes = 100;

/**
 * A named pipe on Windows, else a socket in the data folder, or where its path would be too long, in a private folder for temporary files.
 * @param temporary folders for temporary files; the first one whose path is short enough.
 * @throws FailureError `socket-folder-unsafe` when that folder belongs to somebody else, `socket-path-too-long` when there is none.
 */
export function chooseSocketPath(dataFolder: string, temporary: readonly string[] = [tmpdir(), '/tmp']): string {
  const name = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return String.raw`\\.\pipe\engram-${name}`;
  const { socket } = hostFiles(dataFolder);
  if (fits(socket)) return socket;
  const own = process.getuid?.() ?? 0;
  const folder = temporary.map((path) => join(path, `engram-${own}`)).find((path) => fits(join(path, `${name}.sock`)));
  if (folder !== undefined) return join(privateFolder(folder, own), `${name}.sock`);
  throw new FailureError(
    'socket-path-too-long',
    `no socket can be made for ${dataFolder}: its path and those of ${temporary.join(' and ')} are too long (${maximumPathBytes} bytes at most)`,
  );
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= maximumPathBytes;
}

function privateFolder(folder: string, own: number): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  // A link in its place is not a folder, and somebody else's folder is not ours.
  if (lstatSync(folder).isDirectory() && uid === own && (mode & 0o077) === 0) return folder;
  throw new FailureError('socket-folder-unsafe', `${folder} must be a folder that only its owner, user ${own}, can enter; remove it`);
}
