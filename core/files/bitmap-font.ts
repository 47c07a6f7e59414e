/** A tiny own bitmap font, for column headings in pictures: only the letters that those headings use. */

const glyphWidth = 5;
/** Of these, seven stand on the base line and two hang below it. */
export const glyphHeight = 9;
/** From one letter's left edge to the next one's. */
const glyphAdvance = glyphWidth + 1;

/** One letter a key; one row a string; `#` is ink. Rows that are left out at the end are blank. */
const glyphs: Readonly<Record<string, readonly string[]>> = {
  a: ['', '', ' ###', '    #', ' ####', '#   #', ' ####'],
  c: ['', '', ' ###', '#   #', '#', '#   #', ' ###'],
  d: ['    #', '    #', ' ####', '#   #', '#   #', '#   #', ' ####'],
  e: ['', '', ' ###', '#   #', '#####', '#', ' ####'],
  g: ['', '', ' ####', '#   #', '#   #', '#   #', ' ####', '    #', ' ###'],
  h: ['#', '#', '####', '#   #', '#   #', '#   #', '#   #'],
  n: ['', '', '####', '#   #', '#   #', '#   #', '#   #'],
  o: ['', '', ' ###', '#   #', '#   #', '#   #', ' ###'],
  r: ['', '', '# ##', '##  #', '#', '#', '#'],
  s: ['', '', ' ####', '#', ' ###', '    #', '####'],
  t: [' #', ' #', '####', ' #', ' #', ' #  #', '  ##'],
  u: ['', '', '#   #', '#   #', '#   #', '#   #', ' ####'],
  w: ['', '', '#   #', '#   #', '# # #', '# # #', ' # #'],
};

/**
 * Calls `ink` for each dark cell of `text`, whose first letter's upper left cell is (0, 0).
 * @throws RangeError when the font has no such letter.
 */
export function drawText(text: string, ink: (column: number, row: number) => void): void {
  for (let position = 0; position < text.length; position++) {
    const letter = text.charAt(position);
    const rows = glyphs[letter];
    if (rows === undefined) throw new RangeError(`the bitmap font has no letter "${letter}"`);
    for (const [row, cells] of rows.entries()) {
      for (let column = 0; column < cells.length; column++) if (cells[column] === '#') ink(position * glyphAdvance + column, row);
    }
  }
}

/** Cells from the first letter's left edge to the last one's right edge. */
export function measureText(text: string): number {
  return text.length * glyphAdvance - 1;
}
