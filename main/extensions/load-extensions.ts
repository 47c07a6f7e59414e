/** The code that a run works with, loaded into its trainer. */
import type { RunSpec } from '../../core/contract/run-spec.ts';
import type { AnyExtension } from '../../core/extensions/extension.ts';
import type { LoadedExtensions } from '../../core/extensions/loaded.ts';
import { findExtensionCode } from './extension-files.ts';
import { importExtension } from './import-extension.ts';

/** @throws InputError `extension-missing`, `extension-changed`, or what the file meets. */
export async function loadExtensions(folder: string, { extensions = [] }: Pick<RunSpec, 'extensions'>): Promise<LoadedExtensions> {
  const loaded: Partial<Record<AnyExtension['kind'], unknown>> = {};
  // The same bytes were described and checked when the run was made.
  for (const extension of extensions) loaded[extension.kind] = await importExtension(findExtensionCode(folder, extension));
  return loaded as LoadedExtensions;
}
