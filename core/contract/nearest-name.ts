/** Finds the name that somebody probably meant. */

/**
 * The name with the fewest edits from `wrong`, unless even that one is another word altogether (more than half of its letters).
 * Capitals, hyphens and underscores make no difference: `learning-rate` is `learningRate`.
 */
export function findNearestName(wrong: string, names: readonly string[]): string | undefined {
  const plain = simplify(wrong);
  let nearest: string | undefined;
  let fewest = Infinity;
  for (const name of names) {
    const candidate = simplify(name);
    const edits = countEdits(plain, candidate);
    if (edits < fewest && edits <= Math.max(plain.length, candidate.length) / 2) [nearest, fewest] = [name, edits];
  }
  return nearest;
}

/** The end of a sentence about an unknown name: the nearest one, or all of them, each once. */
export function suggestName(wrong: string, known: readonly string[]): string {
  const names = [...new Set(known)];
  const nearest = findNearestName(wrong, names);
  if (nearest !== undefined) return `did you mean "${nearest}"?`;
  return names.length === 0 ? 'there are none yet' : `there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`;
}

function simplify(name: string): string {
  return name
    .toLowerCase()
    .replace(/[-_\s]/g, '')
    .slice(0, 100);
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
export function countEdits(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let edits = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) edits = Math.min(edits, beforeLast[column - 2]! + 1);
      current.push(edits);
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length]!;
}
