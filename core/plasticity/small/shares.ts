/** A batch divided among threads. Shares depend on its size alone; what becomes of each is added elsewhere, in their order. */

/** Episodes `from` to `to` - 1 of a batch. */
export interface Share {
  readonly from: number;
  readonly to: number;
}

/** @param size episodes of a share; the last one may have fewer. */
export function shareOut(batch: number, size: number): Share[] {
  if (!(size >= 1)) throw new RangeError(`a share has at least one episode, not ${size}`);
  return Array.from({ length: Math.ceil(batch / size) }, (_, index) => ({ from: index * size, to: Math.min(batch, (index + 1) * size) }));
}
