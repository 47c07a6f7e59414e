/** Opens whatever `--dataset` names for an experiment that learns from drawn characters. */
import { stat } from 'node:fs/promises';
import { InputError } from '../../core/contract/errors.ts';
import type { CharacterDataset } from '../../core/data/character-images.ts';
import { explainFileError } from './explain-file-error.ts';
import { findOmniglotFolder, findOmniglotZip, isZip, type OmniglotFiles } from './find-omniglot.ts';
import { openGeneratedCharacters } from './generated-characters.ts';
import { openOmniglot } from './omniglot.ts';

/**
 * @param path undefined for the characters that Engram generates; else Omniglot: a zip, an extracted set, or a folder of them.
 * @throws InputError `dataset-…` naming the path, the rule and what was found instead.
 */
export async function openCharacterDataset(path: string | undefined): Promise<CharacterDataset> {
  if (path === undefined) return openGeneratedCharacters();
  try {
    return await openOmniglot(await findFiles(path));
  } catch (error) {
    throw explainFileError(path, error);
  }
}

async function findFiles(path: string): Promise<OmniglotFiles> {
  const info = await stat(path);
  const found =
    info.isFile() && (await isZip(path)) ? await findOmniglotZip(path) : info.isDirectory() ? await findOmniglotFolder(path) : undefined;
  if (found !== undefined) return found;
  throw new InputError(
    'dataset-format',
    `${path} holds no drawn characters; this experiment takes Omniglot: its zip files, or a folder with them`,
  );
}
