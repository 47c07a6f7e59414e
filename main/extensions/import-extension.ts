/** Runs the code of an extension: only in a trainer, or in a process that describes it. */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { EngramError, InputError } from '../../core/contract/errors.ts';
import type { ExtensionCode } from './extension-files.ts';

const ownCode = new Map<string, ExtensionCode>();
let hooked = false;

/** What the file exports by default. The bytes that were hashed are those that run, and the file imports nothing besides, so that the hash says all. */
export async function importExtension(code: ExtensionCode): Promise<unknown> {
  hookLoader();
  const url = urlOf(code);
  ownCode.set(url, code);
  try {
    const module = (await import(url)) as { readonly default?: unknown };
    return module.default;
  } catch (error) {
    throw explainExtensionError(code, error);
  }
}

/** An error that an extension's code met, with the file and, where it is known, the line. */
export function explainExtensionError(code: ExtensionCode, error: unknown): InputError {
  const message = error instanceof Error ? error.message : String(error);
  const place = error instanceof Error ? findLine(code, error.stack ?? '') : undefined;
  const errorCode = error instanceof EngramError ? error.code : 'extension-failed';
  return new InputError(errorCode, `${code.file}${place === undefined ? '' : `, line ${place}`}: ${message}`, { cause: error });
}

/** The same error, with file and line where it came from code of the user's that this process has loaded. */
export function explainOwnCode(error: unknown): unknown {
  const from = [...ownCode].find(([url]) => error instanceof Error && (error.stack ?? '').includes(url));
  return from === undefined ? error : explainExtensionError(from[1], error);
}

function urlOf({ path, sha256 }: ExtensionCode): string {
  return `${pathToFileURL(path).href}?${sha256}`;
}

function findLine(code: ExtensionCode, stack: string): string | undefined {
  const [, after] = stack.split(`${urlOf(code)}:`, 2);
  return /^\d+/.exec(after ?? '')?.[0];
}

function hookLoader(): void {
  if (hooked) return;
  hooked = true;
  registerHooks({
    resolve: (specifier, context, next) => {
      if (ownCode.has(context.parentURL ?? '') && !specifier.startsWith('node:')) {
        throw new InputError('extension-imports', `an extension is one file and may import at run time only node:…, not "${specifier}"`);
      }
      return next(specifier, context);
    },
    load: (url, context, next) => {
      const code = ownCode.get(url);
      // Plain JavaScript goes the same way: its errors then come with their lines.
      return code === undefined ? next(url, context) : { format: 'module-typescript', source: code.source, shortCircuit: true };
    },
  });
}
