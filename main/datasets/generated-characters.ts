/** The generated characters as a data set like the others. */
import { setImmediate } from 'node:timers/promises';
import { drawingBytes, drawingsPerCharacter, type CharacterDataset } from '../../core/data/character-images.ts';
import { generateCharacters } from '../../core/data/generated-characters.ts';
import { createCharacterHash } from '../../core/data/hash-characters.ts';
import { unfollowed, type Reading } from './reading.ts';

/** Of one character's drawings in memory: what `reading` hears of each. */
export const generatedCharacterBytes = drawingsPerCharacter * drawingBytes;
/** Characters drawn between two turns of the event loop: some 20 ms. */
const withoutPause = 10;

/** Draws them all, in two or three seconds, for their hash. */
export async function openGeneratedCharacters(reading: Reading = unfollowed): Promise<CharacterDataset> {
  const characters = generateCharacters();
  const hash = createCharacterHash();
  for (const [index, character] of characters.entries()) {
    hash.add(character);
    reading.advance(generatedCharacterBytes);
    if (index % withoutPause === 0) await setImmediate();
  }
  const alphabets = new Set(characters.map(({ alphabet }) => alphabet)).size;
  return {
    name: 'characters',
    format: 'characters',
    sha256: hash.digest(),
    characters,
    note: `${characters.length} characters of ${alphabets} alphabets, ${drawingsPerCharacter} drawings each, generated from strokes: no one ever wrote them`,
  };
}
