/** Colours of signed values: blue below zero, red above, the page's ground at zero; what is no number has a colour of its own. */

export interface Diverging {
  readonly negative: readonly [number, number, number];
  readonly zero: readonly [number, number, number];
  readonly positive: readonly [number, number, number];
}

const light: Diverging = { negative: [33, 102, 172], zero: [247, 247, 247], positive: [178, 24, 43] };
const dark: Diverging = { negative: [106, 174, 232], zero: [28, 31, 38], positive: [244, 121, 102] };
export const notANumber = [255, 0, 255] as const;

export function currentDiverging(): Diverging {
  return matchMedia('(prefers-color-scheme: dark)').matches ? dark : light;
}

/** @param value from -1 to 1; beyond it the last colour. */
export function colourOf({ negative, zero, positive }: Diverging, value: number): readonly [number, number, number] {
  if (Number.isNaN(value)) return notANumber;
  const share = Math.min(1, Math.abs(value));
  const end = value < 0 ? negative : positive;
  return [0, 1, 2].map((part) => Math.round(zero[part]! + share * (end[part]! - zero[part]!))) as unknown as [number, number, number];
}
