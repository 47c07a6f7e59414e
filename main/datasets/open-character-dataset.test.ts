import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCharacterDataset } from './open-character-dataset.ts';
import { omniglotFiles, pictureFiles, writeFiles, zipOfFiles } from './test-support/sources.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engram-characters-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('opening drawn characters', () => {
  it('takes the generated ones where nobody names others', async () => {
    const { name, format, characters } = await openCharacterDataset(undefined);
    expect([name, format]).toEqual(['characters', 'characters']);
    expect(characters.length).toBeGreaterThan(1000);
  });

  it('reads the same from a zip, the folder it lies in, and extracted ones', async () => {
    const zip = join(folder, 'images_small1.zip');
    writeFileSync(zip, zipOfFiles(omniglotFiles, 'images_small1/'));
    const extracted = writeFiles(join(folder, 'extracted', 'images_small1'), omniglotFiles);
    const [one, ...others] = await Promise.all([zip, folder, extracted, join(folder, 'extracted')].map(openCharacterDataset));
    expect(one).toMatchObject({ format: 'omniglot', characters: [{ alphabet: 'Greek' }, { alphabet: 'Greek' }, { alphabet: 'Tagalog' }] });
    for (const { sha256 } of others) expect(sha256).toBe(one!.sha256);
  });

  it('refuses what holds none, saying what it takes', async () => {
    const pictures = writeFiles(join(folder, 'pictures'), pictureFiles);
    const note = join(folder, 'note.txt');
    writeFileSync(note, 'nothing');
    for (const path of [pictures, note])
      await expect(openCharacterDataset(path)).rejects.toMatchObject({
        kind: 'input',
        code: 'dataset-format',
        message: `${path} holds no drawn characters; this experiment takes Omniglot: its zip files, or a folder with them`,
      });
    await expect(openCharacterDataset(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'dataset-missing' });
  });
});
