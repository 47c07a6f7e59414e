/** The words of a filter, as they stand in the text. Quotes keep spaces together: `name:"a b"`. */

export interface Word {
  readonly start: number;
  readonly end: number;
  /** As it stands there, without its minus. */
  readonly text: string;
  /** With a minus in front: what it says must not hold. */
  readonly negated: boolean;
}

export function splitWords(text: string): Word[] {
  const words: Word[] = [];
  let start = -1;
  let quoted = false;
  for (let index = 0; index <= text.length; index++) {
    const letter = text[index];
    const ends = letter === undefined || (!quoted && /\s/u.test(letter));
    if (ends && start >= 0) {
      words.push(toWord(text, start, index));
      start = -1;
    } else if (!ends) {
      if (start < 0) start = index;
      if (letter === '"') quoted = !quoted;
    }
  }
  return words;
}

function toWord(text: string, start: number, end: number): Word {
  const raw = text.slice(start, end);
  const negated = raw.length > 1 && raw.startsWith('-');
  return { start, end, negated, text: raw.slice(negated ? 1 : 0) };
}

export function unquote(text: string): string {
  return text.replaceAll('"', '');
}

/** The alternatives of a value: by commas that are not within quotes. Empty ones do not count. */
export function splitValues(value: string): string[] {
  const parts = value.match(/(?:"[^"]*"?|[^,"])+/gu) ?? [];
  return parts.map(unquote).filter((part) => part !== '');
}

/** As it has to be written to be read as one word. */
export function quote(value: string): string {
  return /[\s,"]/u.test(value) ? `"${value.replaceAll('"', '')}"` : value;
}
