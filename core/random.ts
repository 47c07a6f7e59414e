/** Seeded random streams, passed explicitly: one named stream a purpose, so that drawing more of one never shifts another. */
import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

export interface Random {
  /** A whole number, min..max, both included. */
  integer(min: number, max: number): number;
  /** [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal (Box–Muller; no half of a pair is kept, so `state` is the whole state). */
  normal(): number;
}

/** A stream whose state can be written into a checkpoint and taken up again. */
export interface RandomStream extends Random {
  state(): readonly number[];
}

/** The stream called `name` of the run with this seed: SHA-256 of both gives the generator's 128 bits. */
export function createRandom(seed: number, name: string): RandomStream {
  const digest = createHash('sha256').update(`${seed}/${name}`).digest();
  return restoreRandom([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)));
}

/**
 * A stream that continues from `state`.
 * @throws RangeError when `state` is not four 32-bit integers.
 */
export function restoreRandom(state: readonly number[]): RandomStream {
  if (state.length !== 4 || !state.every((word) => Number.isInteger(word) && word === (word | 0))) {
    throw new RangeError(`a random stream's state is four 32-bit integers, not ${JSON.stringify(state)}`);
  }
  const generator = xoroshiro128plusFromState(state);
  const uniform = () => uniformFloat64(generator);
  return {
    integer: (min, max) => uniformInt(generator, min, max),
    uniform,
    normal: () => {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      return radius * Math.cos(2 * Math.PI * uniform());
    },
    state: () => generator.getState(),
  };
}

/** 0..count-1 in random order (Fisher–Yates). */
export function shuffledIndices(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random.integer(0, last);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
