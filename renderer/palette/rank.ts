/** Which entries fit what somebody typed, best first. */

export interface Entry {
  readonly label: string;
  readonly group: string;
  readonly words?: string;
}

/** Every word that was typed has to begin a word of the entry or stand in it; the order stays among those that fit equally well. */
export function rank<Some extends Entry>(entries: readonly Some[], typed: string): Some[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [...entries];
  return entries
    .map((entry) => ({ entry, score: score(entry, wanted) }))
    .filter(({ score: points }) => points > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ entry }) => entry);
}

function score({ label, group, words = '' }: Entry, wanted: readonly string[]): number {
  const places: readonly (readonly [text: string, points: number])[] = [
    [label.toLowerCase(), 4],
    [words.toLowerCase(), 2],
    [group.toLowerCase(), 1],
  ];
  let sum = 0;
  for (const word of wanted) {
    const best = Math.max(...places.map(([text, points]) => points * fit(text, word)));
    if (best === 0) return 0;
    sum += best;
  }
  return sum;
}

/** 3: it begins with it; 2: a word of it does; 1: it stands somewhere. */
function fit(text: string, word: string): number {
  if (text.startsWith(word)) return 3;
  const at = text.indexOf(word);
  if (at === -1) return 0;
  return new RegExp(`[\\s,·/-]${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`).test(text) ? 2 : 1;
}
