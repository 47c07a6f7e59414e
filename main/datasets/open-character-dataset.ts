/** Opens characters for a run: Omniglot from where it lies, or the generated ones. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import type { CharacterDataset } from '../../core/data/character-images.ts';
import { explainFileError } from './explain-file-error.ts';
import { findOmniglotFolder, findOmniglotZip } from './find-omniglot.ts';
import { openGeneratedCharacters } from './generated-characters.ts';
import { openOmniglot } from './omniglot.ts';

/**
 * @param path undefined for the generated characters; else one of Omniglot's zips, a folder of them, an extracted set or the folder above it.
 * @throws InputError `dataset-…` naming the path, the rule and what was found instead.
 */
export async function openCharacterDataset(path: string | undefined): Promise<CharacterDataset> {
  if (path === undefined) return openGeneratedCharacters();
  try {
    const full = resolve(path);
    if ((await stat(full)).isFile()) return await openOmniglot(await findOmniglotZip(full));
    const found = await findOmniglotFolder(full);
    if (found === undefined)
      throw new InputError(
        'dataset-format',
        `${path} holds neither zips nor extracted sets of Omniglot (Alphabet/character01/0001_01.png)`,
      );
    return await openOmniglot(found);
  } catch (error) {
    throw explainFileError(path, error);
  }
}
