/** Which run has which colour: the same on every screen, and in every window of this computer. */
import type { Look } from './lines.ts';

const colourCount = 8;
/** Canvas dashes by `Look.dash`. */
export const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

/** Those that differ most from one another come first. */
const order: readonly number[] = [1, 2, 3, 4, 5, 7, 8, 6];
const easyColours = 6;
const storageName = 'engram.colours';
const mostRemembered = 2000;

class Colours {
  /** From a run's id, or another key, to its colour; the oldest first. */
  readonly #known = new Map<string, number>(read());

  /** Looks for lines that are seen together: each keeps the colour that it had; a new one gets one that is free. */
  looksOf(keys: readonly string[]): Map<string, Look> {
    const uses = new Array<number>(colourCount + 1).fill(0);
    const fresh = keys.filter((key) => {
      const colour = this.#known.get(key);
      if (colour !== undefined) uses[colour]!++;
      return colour === undefined;
    });
    for (const key of fresh) {
      const colour = leastUsed(uses, preferredColour(key));
      uses[colour]!++;
      this.#known.set(key, colour);
    }
    if (fresh.length > 0) this.#keep();
    const seen = new Array<number>(colourCount + 1).fill(0);
    return new Map(
      keys.map((key) => {
        const colour = this.#known.get(key)!;
        return [key, { colour, dash: seen[colour]!++ % dashes.length }];
      }),
    );
  }

  lookOf(key: string): Look {
    return this.looksOf([key]).get(key)!;
  }

  #keep(): void {
    for (const key of this.#known.keys()) {
      if (this.#known.size <= mostRemembered) break;
      this.#known.delete(key);
    }
    localStorage.setItem(storageName, JSON.stringify([...this.#known]));
  }
}

export const colours = new Colours();

function leastUsed(uses: readonly number[], preferred: number): number {
  const least = Math.min(...uses.slice(1));
  const start = order.indexOf(preferred);
  const turned = [...order.slice(start, easyColours), ...order.slice(0, start), ...order.slice(easyColours)];
  return turned.find((colour) => uses[colour] === least) ?? preferred;
}

/** FNV-1a. */
function preferredColour(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return order[(hash >>> 0) % easyColours]!;
}

function read(): [string, number][] {
  try {
    const entries: unknown = JSON.parse(localStorage.getItem(storageName) ?? '[]');
    return Array.isArray(entries) ? entries.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function isEntry(entry: unknown): entry is [string, number] {
  return Array.isArray(entry) && typeof entry[0] === 'string' && Number.isInteger(entry[1]) && entry[1] >= 1 && entry[1] <= colourCount;
}
