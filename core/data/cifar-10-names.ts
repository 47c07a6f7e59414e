/** The names of CIFAR-10's classes, as the file beside the batches gives them. */
import { EngramError } from '../contract/errors.ts';
import { looksLikePickle } from './cifar-10-python.ts';
import { isKind, textOf } from './pickle-values.ts';
import { readPickle } from './pickle.ts';

const usualNames = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

/**
 * Ten names, by label.
 * @param meta `batches.meta` or `batches.meta.txt`. Without it, and where it does not hold ten names, CIFAR-10's usual ones: no image depends on them.
 */
export function cifar10ClassNames(meta: Uint8Array | undefined): readonly string[] {
  const names = meta === undefined ? [] : looksLikePickle(meta) ? pickledNames(meta) : linesOf(meta);
  return names.length === usualNames.length && new Set(names).size === names.length ? names : usualNames;
}

function linesOf(meta: Uint8Array): string[] {
  const lines = Buffer.from(meta).toString('utf8').split('\n');
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

function pickledNames(meta: Uint8Array): string[] {
  try {
    const value = readPickle(meta, 'batches.meta');
    const names = isKind(value, 'dict') ? value.entries.get('label_names') : undefined;
    return isKind(names, 'list') ? names.items.flatMap((item) => textOf(item) ?? []).filter((name) => name !== '') : [];
  } catch (error) {
    if (error instanceof EngramError) return [];
    throw error;
  }
}
