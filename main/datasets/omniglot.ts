/** Omniglot in memory, from its zips without extracting them and from extracted folders. */
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import type { CharacterDataset } from '../../core/data/character-images.ts';
import { createCharacterHash } from '../../core/data/hash-characters.ts';
import { createOmniglotCollector, omniglotPlace, type OmniglotCollector } from '../../core/data/omniglot.ts';
import type { OmniglotFiles } from './find-omniglot.ts';
import { unfollowed, type Reading } from './reading.ts';
import { readZipArchive } from './zip-archive.ts';

/** The largest of Omniglot's has 413. */
const maximumDrawingFileBytes = 2 ** 16;

/**
 * All drawings of all files together; an alphabet that two of them share counts once.
 * @throws InputError `dataset-…` for a damaged file, an incomplete character and what else is not as in Omniglot.
 */
export async function openOmniglot({ root, zips, drawings }: OmniglotFiles, reading: Reading = unfollowed): Promise<CharacterDataset> {
  const collector = createOmniglotCollector();
  for (const name of zips) await collectZip(name === '' ? root : join(root, name), collector, reading);
  for (const name of drawings) await collectFile(root, name, collector, reading);
  const { characters, repeated } = collector.finish();

  const hash = createCharacterHash();
  for (const character of characters) hash.add(character);
  const alphabets = new Set(characters.map(({ alphabet }) => alphabet)).size;
  const counted = repeated === 0 ? '' : `; ${repeated} drawings that occur twice counted once`;
  return {
    name: basename(root),
    format: 'omniglot',
    sha256: hash.digest(),
    characters,
    note: `${characters.length} characters of ${alphabets} alphabets, 20 drawings each${counted}; Omniglot, Lake, Salakhutdinov and Tenenbaum 2015`,
  };
}

async function collectZip(path: string, collector: OmniglotCollector, reading: Reading): Promise<void> {
  await readZipArchive(path, async (entry) => {
    reading.advance(entry.sizeBytes);
    const place = omniglotPlace(entry.path);
    if (place !== undefined) collector.add(place, await entry.read(), `${entry.path} in ${path}`);
    return undefined;
  });
}

async function collectFile(root: string, name: string, collector: OmniglotCollector, reading: Reading): Promise<void> {
  const place = omniglotPlace(name);
  if (place === undefined) return;
  const path = join(root, name);
  const { size } = await stat(path);
  if (size > maximumDrawingFileBytes)
    throw new InputError(
      'dataset-image',
      `${path} has ${size} bytes, and none of Omniglot's drawings has more than ${maximumDrawingFileBytes}`,
    );
  reading.advance(size);
  collector.add(place, await readFile(path), path);
}
