/** One metric of one run in memory: thinned out as the host gave it, and growing while the run goes on. */
import { unpackNumbers, type PackedCurve } from '../../core/contract/api/curves.ts';

/** Arrays of equal length. Where a bucket is one iteration, or nobody asked for the extremes, `min` and `max` are `mean`. */
export interface Curve {
  readonly bucket: number;
  /** The last iteration that is in it. */
  readonly last: number;
  readonly x: Float64Array;
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

export const emptyCurve: Curve = {
  bucket: 1,
  last: 0,
  x: new Float64Array(),
  mean: new Float64Array(),
  min: new Float64Array(),
  max: new Float64Array(),
};

export function unpackCurve({ bucket, last, x, mean, min, max }: PackedCurve): Curve {
  const values = unpackNumbers(mean);
  const [low, high] = min === '' ? [values, values] : [unpackNumbers(min), unpackNumbers(max)];
  return { bucket, last, x: unpackNumbers(x), mean: values, min: low, max: high };
}

interface Columns {
  readonly x: Float64Array;
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

const leastRoom = 256;

/** A curve to which iterations are added, in buckets as wide as those it began with. */
export class GrowingCurve {
  readonly bucket: number;
  #length: number;
  #last: number;
  /** Iterations in the last bucket so far. */
  #filled: number;
  #columns: Columns;

  constructor({ bucket, last, ...columns }: Curve) {
    this.bucket = bucket;
    this.#last = last;
    this.#length = columns.x.length;
    this.#filled = this.#length === 0 ? 0 : ((last - 1) % bucket) + 1;
    this.#columns = columns;
  }

  get length(): number {
    return this.#length;
  }

  /** Iterations that are there already are left out. */
  add(iteration: number, x: number, value: number): void {
    if (iteration <= this.#last) return;
    const isSameBucket = this.#length > 0 && Math.floor((iteration - 1) / this.bucket) === Math.floor((this.#last - 1) / this.bucket);
    this.#last = iteration;
    if (!isSameBucket) {
      this.#filled = 0;
      this.#length++;
    }
    this.#makeRoom();
    const at = this.#length - 1;
    const columns = this.#own();
    const share = 1 / ++this.#filled;
    const isFirst = share === 1;
    columns.x[at] = isFirst ? x : columns.x[at]! + (x - columns.x[at]!) * share;
    columns.mean[at] = isFirst ? value : columns.mean[at]! + (value - columns.mean[at]!) * share;
    columns.min[at] = isFirst ? value : Math.min(columns.min[at]!, value);
    columns.max[at] = isFirst ? value : Math.max(columns.max[at]!, value);
  }

  /** As it is now; it may be drawn until the next one is asked for. */
  get curve(): Curve {
    const { x, mean, min, max } = this.#columns;
    const view = (column: Float64Array) => column.subarray(0, this.#length);
    return { bucket: this.bucket, last: this.#last, x: view(x), mean: view(mean), min: view(min), max: view(max) };
  }

  #makeRoom(): void {
    if (this.#columns.x.length >= this.#length) return;
    const room = Math.max(leastRoom, 2 * this.#length);
    const grow = (column: Float64Array) => {
      const larger = new Float64Array(room);
      larger.set(column);
      return larger;
    };
    const { x, mean, min, max } = this.#columns;
    this.#columns = { x: grow(x), mean: grow(mean), min: grow(min), max: grow(max) };
  }

  /** Three columns of their own, also where they were one. */
  #own(): Columns {
    const { x, mean, min, max } = this.#columns;
    if (min !== mean && max !== mean) return this.#columns;
    return (this.#columns = { x, mean, min: min.slice(), max: max.slice() });
  }
}
