import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinColumns, splitColumns } from './side-by-side.ts';

it('puts rows beside each other', () => {
  expect([...joinColumns([Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6)], [2, 1], 2)]).toEqual([1, 2, 5, 3, 4, 6]);
});

it('takes apart what it put together', () => {
  const property = fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }), fc.nat(6), (widths, rows) => {
    const matrices = widths.map((width, at) => Float32Array.from({ length: rows * width }, (_, index) => 100 * at + index));
    expect(splitColumns(joinColumns(matrices, widths, rows), widths, rows)).toEqual(matrices.map((matrix) => Float64Array.from(matrix)));
  });
  fc.assert(property, { seed: 20 });
});
