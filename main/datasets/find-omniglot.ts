/** Finds Omniglot where a person says that it lies: zips, extracted sets, or both in one folder. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../core/contract/errors.ts';
import { omniglotPlace } from '../../core/data/omniglot.ts';
import { readZipArchive } from './zip-archive.ts';

export interface OmniglotFiles {
  readonly root: string;
  /** Relative to `root` with `/`, sorted; an empty name where `root` is itself the zip. */
  readonly zips: readonly string[];
  readonly drawings: readonly string[];
}

/** What no zip of Omniglot is: such a one beside them is of something else. */
const neverOfOmniglot = ['dataset-too-large', 'dataset-encrypted'];
/** All of Omniglot has 32,460. */
const maximumDrawings = 200_000;

/** Whether a file begins as a zip archive. */
export async function isZip(path: string): Promise<boolean> {
  const file = await open(path);
  const start = Buffer.alloc(4);
  await file.read(start, 0, start.length, 0).finally(() => file.close());
  return start.toString('latin1') === 'PK\x03\x04';
}

/** @throws InputError `dataset-format` for a zip of other things; and as `readZipArchive` does. */
export async function findOmniglotZip(path: string): Promise<OmniglotFiles> {
  if (await holdsDrawings(path)) return { root: path, zips: [''], drawings: [] };
  throw new InputError('dataset-format', `${path} is a zip archive without drawings of Omniglot (Alphabet/character01/0001_01.png)`);
}

/**
 * Undefined where `folder` holds no part of Omniglot. Zips of other things are passed over, also those that are too large or encrypted, and so are
 * damaged ones where nothing else is of Omniglot.
 * @throws InputError as `readZipArchive` does for a damaged zip beside a good one.
 */
export async function findOmniglotFolder(folder: string): Promise<OmniglotFiles | undefined> {
  const zips: string[] = [];
  let damage: InputError | undefined;
  for (const name of await namesOf(folder, 'files')) {
    if (!name.toLowerCase().endsWith('.zip')) continue;
    try {
      if (await holdsDrawings(join(folder, name))) zips.push(name);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (!neverOfOmniglot.includes(error.code)) damage ??= error;
    }
  }
  const drawings = await findDrawings(folder);
  if (zips.length === 0 && drawings.length === 0) return undefined;
  if (damage !== undefined) throw damage;
  return { root: folder, zips, drawings };
}

async function holdsDrawings(zip: string): Promise<boolean> {
  let found = false;
  await readZipArchive(zip, ({ path }) => {
    found = omniglotPlace(path) !== undefined;
    return Promise.resolve(found ? 'stop' : undefined);
  });
  return found;
}

/** Drawings in the folder as a set (`Alphabet/character01/…`), or in the sets below it. */
async function findDrawings(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const set of ['', ...(await namesOf(folder, 'folders'))]) {
    for (const alphabet of await namesOf(join(folder, set), 'folders')) {
      for (const character of await namesOf(join(folder, set, alphabet), 'folders')) {
        if (!character.startsWith('character')) continue;
        const prefix = [set, alphabet, character].filter((part) => part !== '').join('/');
        const files = await namesOf(join(folder, prefix), 'files');
        found.push(...files.map((file) => `${prefix}/${file}`).filter((path) => omniglotPlace(path) !== undefined));
        if (found.length > maximumDrawings)
          throw new InputError('dataset-too-large', `${folder} holds more than ${maximumDrawings} drawings, far more than Omniglot`);
      }
    }
  }
  return found.sort();
}

/** Sorted; without hidden ones; links are not followed. */
async function namesOf(folder: string, kind: 'files' | 'folders'): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const wanted = entries.filter((entry) => !entry.name.startsWith('.') && (kind === 'files' ? entry.isFile() : entry.isDirectory()));
  return wanted.map(({ name }) => name).sort();
}
