/** How many values an array of this shape has. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
