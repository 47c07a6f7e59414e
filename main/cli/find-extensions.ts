/** What of the user's a command may work with. */
import type { Extension, ExtensionFile } from '../../core/contract/extension.ts';
import { extensionsFolder, listExtensionFiles } from '../extensions/extension-files.ts';
import { chooseExtensions } from '../extensions/list-extensions.ts';
import { dataFolder, type Context } from './context.ts';

/** The host knows files that it has met before; none is started where there are none. */
export async function readExtensionFiles(context: Context): Promise<readonly ExtensionFile[]> {
  if (listExtensionFiles(extensionsFolder(dataFolder(context))).length === 0) return [];
  const { api } = await context.connect();
  return (await api.experiments.extensions()).files;
}

/** @throws InputError `extension-broken` where somebody chose what cannot be used. */
export async function findExtensions(
  context: Context,
  experiment: string,
  { variant, set = [] }: { readonly variant?: string; readonly set?: readonly string[] },
): Promise<Extension[]> {
  const rules = set.flatMap((setting) => /^\s*rule\s*=\s*(\S+)/.exec(setting)?.[1] ?? []);
  return chooseExtensions(await readExtensionFiles(context), [experiment, ...(variant === undefined ? [] : [variant]), ...rules]);
}
