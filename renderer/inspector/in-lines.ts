/** Values that are no picture, as lines of an image; what the last line lacks is zero, which has the colour of the ground. */

export interface Lines {
  readonly width: number;
  readonly height: number;
  /** [height, width]. */
  readonly values: Float32Array;
}

export function inLines(values: ArrayLike<number>, width: number): Lines {
  const height = Math.ceil(values.length / width);
  const filled = new Float32Array(height * width);
  filled.set(values);
  return { width, height, values: filled };
}
