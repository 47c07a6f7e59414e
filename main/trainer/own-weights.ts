/** A file of arrays that somebody has opened in place of a checkpoint's. */
import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import type { NamedArrays } from '../../core/files/named-arrays.ts';
import { decodeNpz } from '../../core/files/npz.ts';
import { decodeSafetensors } from '../../core/files/safetensors.ts';

const mostBytes = 2 ** 30;

/** @throws InputError `weights-unreadable`, `weights-format`, `weights-too-large`, and what the format's reader finds. */
export async function readOwnWeights(path: string): Promise<NamedArrays> {
  const kind = extname(path).toLowerCase();
  if (kind !== '.safetensors' && kind !== '.npz')
    throw new InputError('weights-format', `"${path}" is neither a .safetensors nor an .npz file`);
  const bytes = await read(path);
  return kind === '.npz' ? decodeNpz(bytes) : decodeSafetensors(bytes).arrays;
}

/** Changes when the file does. @throws InputError `weights-unreadable`. */
export async function versionOfOwnWeights(path: string): Promise<string> {
  const { mtimeMs, size } = await look(path);
  return `${path} ${mtimeMs} ${size}`;
}

async function read(path: string): Promise<Uint8Array> {
  const { size } = await look(path);
  if (size > mostBytes) throw new InputError('weights-too-large', `"${path}" has ${size} bytes; ${mostBytes} is the most`);
  return await readFile(path);
}

async function look(path: string): Promise<{ readonly mtimeMs: number; readonly size: number }> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Error('it is no file');
    return found;
  } catch (error) {
    throw new InputError('weights-unreadable', `"${path}" cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
