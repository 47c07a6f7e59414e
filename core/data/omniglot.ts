/**
 * Omniglot (Lake, Salakhutdinov, Tenenbaum 2015): handwritten characters of many alphabets, each drawn by twenty people;
 * `<set>/<Alphabet>/character<NN>/<id>_<drawer>.png` (https://github.com/brendenlake/omniglot).
 */
import { InputError } from '../contract/errors.ts';
import { drawingsPerCharacter, type CharacterImages } from './character-images.ts';
import { decodeDrawing } from './omniglot-png.ts';

export interface OmniglotPlace {
  readonly alphabet: string;
  readonly character: string;
  readonly file: string;
}

/** Where a file of this path belongs; undefined for what is no drawing of Omniglot. Parts before the alphabet do not matter. */
export function omniglotPlace(path: string): OmniglotPlace | undefined {
  const [alphabet, character, file] = path.split('/').slice(-3);
  if (alphabet === undefined || character === undefined || file === undefined || alphabet === '' || alphabet.startsWith('.'))
    return undefined;
  if (!/^character\d{2,3}$/.test(character) || !/^\d+_\d+\.png$/.test(file)) return undefined;
  return { alphabet, character, file };
}

export interface OmniglotCollector {
  /**
   * Takes one drawing. The same one may come again, for two of the official sets share alphabets.
   * @param name what the errors call it
   * @throws InputError `dataset-image` when it is no drawing, `dataset-ambiguous` when another one stands at its place.
   */
  add(place: OmniglotPlace, file: Uint8Array, name: string): void;
  /** @throws InputError `dataset-incomplete` unless each character was drawn twenty times. */
  finish(): { readonly characters: CharacterImages; readonly repeated: number };
}

/** Gathers drawings in any order. */
export function createOmniglotCollector(): OmniglotCollector {
  const characters = new Map<string, { alphabet: string; name: string; drawings: Map<string, { drawing: Uint8Array; name: string }> }>();
  let repeated = 0;
  return {
    add({ alphabet, character, file }, bytes, name) {
      const drawing = decodeDrawing(bytes, name);
      const key = `${alphabet}/${character}`;
      let entry = characters.get(key);
      if (entry === undefined) characters.set(key, (entry = { alphabet, name: character, drawings: new Map() }));
      const known = entry.drawings.get(file);
      if (known === undefined) entry.drawings.set(file, { drawing, name });
      else if (Buffer.compare(known.drawing, drawing) === 0) repeated++;
      else
        throw new InputError('dataset-ambiguous', `${name} and ${known.name} are two different drawings with one name; import one of them`);
    },
    finish() {
      const ordered = [...characters].map(([key, { alphabet, name, drawings }]) => {
        if (drawings.size !== drawingsPerCharacter) {
          throw new InputError(
            'dataset-incomplete',
            `${key} has ${drawings.size} drawings; each of Omniglot's characters has ${drawingsPerCharacter}`,
          );
        }
        return { alphabet, name, drawings: [...drawings].sort(byKey).map(([, { drawing }]) => drawing) };
      });
      return { characters: ordered.sort((a, b) => compare(a.alphabet, b.alphabet) || compare(a.name, b.name)), repeated };
    },
  };
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return compare(a, b);
}

/** By code units: the same in every language setting. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
