/** The files of the lab's folder of extensions: their names, and the bytes of one with their hash. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import type { Extension } from '../../core/contract/extension.ts';

const extensionEndings = ['.ts', '.mts', '.js', '.mjs'] as const;

export function extensionsFolder(dataFolder: string): string {
  return join(dataFolder, 'extensions');
}

/** Of the lab that a run's folder lies in. */
export function extensionsFolderOfRun(runFolder: string): string {
  return extensionsFolder(dirname(dirname(runFolder)));
}

/** Names of files with code, in order; none where there is no folder. */
export function listExtensionFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => (extensionEndings as readonly string[]).includes(extname(file)) && !file.endsWith('.d.ts') && !file.startsWith('.'))
      .sort();
  } catch (error) {
    // A lab that can be no folder is refused by whoever opens it.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw new InputError('extension-invalid', `the folder of extensions ${folder} cannot be read`, { cause: error });
  }
}

export interface ExtensionCode {
  readonly file: string;
  /** Without its ending. */
  readonly name: string;
  readonly path: string;
  readonly source: Buffer;
  readonly sha256: string;
}

export function readExtensionCode(folder: string, file: string): ExtensionCode {
  const path = join(folder, file);
  const source = readFileSync(path);
  const sha256 = createHash('sha256').update(source).digest('hex');
  return { file, name: file.slice(0, -extname(file).length), path, source, sha256 };
}

/**
 * The code that a run was begun with; nothing is run.
 * @throws InputError `extension-missing`, `extension-changed`.
 */
export function findExtensionCode(folder: string, { kind, name, sha256 }: Pick<Extension, 'kind' | 'name' | 'sha256'>): ExtensionCode {
  const files = listExtensionFiles(folder).filter((file) => file.slice(0, -extname(file).length) === name);
  const found = files.map((file) => readExtensionCode(folder, file));
  const same = found.find((code) => code.sha256 === sha256);
  if (same !== undefined) return same;
  if (found[0] === undefined) {
    throw new InputError('extension-missing', `the ${kind} "${name}" is not in ${folder} any more: its file, as it was, must be put back`);
  }
  const [now, then] = [found[0].sha256, sha256].map((hash) => hash.slice(0, 12));
  throw new InputError(
    'extension-changed',
    `the ${kind} "${name}" has changed since this run began (SHA-256 ${then}… then, ${now}… now): put the old file back, or clone the run`,
  );
}
