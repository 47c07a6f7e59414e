/** Writes a file that a researcher begins with, and what an editor needs to check it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../core/contract/errors.ts';
import type { ExtensionKind } from '../../core/contract/extension.ts';
import { requireFreeName } from '../../core/extensions/describe.ts';
import { listExtensionFiles } from './extension-files.ts';

const types = fileURLToPath(new URL('../../core/extensions/extension.ts', import.meta.url));
const nodeTypes = fileURLToPath(new URL('../../node_modules/@types', import.meta.url));

export function templatePath(kind: ExtensionKind): string {
  return fileURLToPath(new URL(`templates/${kind}.ts`, import.meta.url));
}

/**
 * @returns the file's path.
 * @throws InputError `extension-invalid`, `extension-name-taken`, `folder-not-writable`.
 */
export function writeTemplate(folder: string, kind: ExtensionKind, name: string): string {
  requireFreeName(name);
  const taken = listExtensionFiles(folder).find((file) => file.replace(/\.[^.]+$/, '') === name);
  if (taken !== undefined) throw new InputError('extension-name-taken', `the name "${name}" is taken by ${join(folder, taken)}`);
  const path = join(folder, `${name}.ts`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'tsconfig.json'), `${JSON.stringify(editorSettings, null, 2)}\n`);
    writeFileSync(path, readFileSync(templatePath(kind)), { flag: 'wx' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError('folder-not-writable', `the folder ${folder} cannot be written: ${reason}`, { cause: error });
  }
  return path;
}

/** Where editors find the types that `engram` stands for; nothing of it is needed to run a file. */
const editorSettings = {
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024'],
    // A folder without a package.json: what is in it are modules all the same.
    module: 'preserve',
    moduleResolution: 'bundler',
    moduleDetection: 'force',
    typeRoots: [nodeTypes],
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
    paths: { engram: [types] },
  },
  include: ['*'],
};
