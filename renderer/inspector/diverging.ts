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
export function colourOf(scale: Diverging, value: number): readonly number[] {
  const colour = new Uint8ClampedArray(3);
  putColour(scale, value, colour, 0);
  return [...colour];
}

/** The same into the bytes of a picture, where thousands are wanted a frame. */
export function putColour({ negative, zero, positive }: Diverging, value: number, bytes: Uint8ClampedArray, at: number): void {
  if (Number.isNaN(value)) {
    bytes.set(notANumber, at);
    return;
  }
  const share = Math.min(1, Math.abs(value));
  const end = value < 0 ? negative : positive;
  for (let part = 0; part < 3; part++) bytes[at + part] = zero[part]! + share * (end[part]! - zero[part]!);
}
