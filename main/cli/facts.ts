/** Names and what stands behind them, one below the other; long texts are wrapped at words, and a path stays whole so that it can be copied. */

const gap = '  ';

/** @param width the terminal's; undefined: lines may be of any length. */
export function layOutFacts(facts: readonly (readonly [name: string, text: string])[], width: number | undefined): string[] {
  const nameWidth = Math.max(...facts.map(([name]) => name.length));
  const indent = ' '.repeat(nameWidth + gap.length);
  return facts.flatMap(([name, text]) =>
    wrap(text, (width ?? Infinity) - indent.length).map((line, index) =>
      `${index === 0 ? `${name.padEnd(nameWidth)}${gap}` : indent}${line}`.trimEnd(),
    ),
  );
}

/** `text` in lines of so many characters; longer ones only where a single word is longer. */
function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    for (const word of paragraph.split(' ')) {
      const last = lines.at(-1);
      if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(word);
    }
    return lines;
  });
}
