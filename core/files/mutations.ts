/** Damaged copies of a file, for the fuzz tests of the readers (not used by the product). */
import fc from 'fast-check';

export type Mutation = (file: Uint8Array) => Uint8Array;

/** A few flipped bits, an early end, a piece repeated, cut out or overwritten: places are drawn as fractions, so that any file fits. */
export function mutations(): fc.Arbitrary<Mutation> {
  const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const flips = fc.array(fc.tuple(place, fc.nat(7)), { minLength: 1, maxLength: 6 }).map(
    (all): Mutation =>
      (file) =>
        flipBits(file, all),
  );
  const truncation = place.map(
    (end): Mutation =>
      (file) =>
        file.slice(0, Math.floor(end * file.length)),
  );
  const splice = fc.tuple(place, place, fc.nat(64), fc.nat(64)).map(([from, to, length, replaced]): Mutation => (file) => {
    const source = Math.floor(from * file.length);
    const target = Math.floor(to * file.length);
    return joined(file.subarray(0, target), file.subarray(source, source + length), file.subarray(target + replaced));
  });
  const overwriting = fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 12 })).map(
    ([to, bytes]): Mutation =>
      (file) =>
        joined(file.subarray(0, Math.floor(to * file.length)), bytes, file.subarray(Math.floor(to * file.length) + bytes.length)),
  );
  return fc.oneof(flips, truncation, splice, overwriting);
}

function flipBits(file: Uint8Array, flips: readonly (readonly [place: number, bit: number])[]): Uint8Array {
  const copy = Uint8Array.from(file);
  for (const [place, bit] of flips) copy[Math.floor(place * copy.length)]! ^= 1 << bit;
  return copy;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
