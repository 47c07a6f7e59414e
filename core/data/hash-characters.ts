/** The hash that tells sets of characters apart. */
import { createHash } from 'node:crypto';
import type { Character } from './character-images.ts';

/** Takes the characters in their order; of pixels, not of files, so that an archive and its folder give the same. */
export function createCharacterHash(): { add(character: Character): void; digest(): string } {
  const hash = createHash('sha256');
  return {
    add({ alphabet, name, drawings }) {
      hash.update(`${alphabet}/${name}\n`);
      for (const drawing of drawings) hash.update(drawing);
    },
    digest: () => hash.digest('hex'),
  };
}
