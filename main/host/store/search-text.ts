/** Searching for words, whatever their capitals and in whatever way their accents are written. */

/** The words of a search, as they are compared. */
export function splitWords(text: string): string[] {
  return fold(text)
    .split(/\s+/u)
    .filter((word) => word !== '');
}

/** Whether all `words`, folded and separated by spaces, occur in `text`. */
export function matchesWords(words: string, text: string): boolean {
  const folded = fold(text);
  return words.split(' ').every((word) => folded.includes(word));
}

/** In capitals, which ß and the two small sigmas share with what others write for them. */
function fold(text: string): string {
  return text.normalize('NFKC').toUpperCase();
}
