/** The readable reference of a small layer: plain loops in double precision. */
import type { SmallLayer, SmallLayerOptions } from './small-layer.ts';
import { requireLength, type Vector } from './small-recurrent.ts';

const dot = (length: number, term: (index: number) => number) => {
  let sum = 0;
  for (let index = 0; index < length; index++) sum += term(index);
  return sum;
};

export function createReferenceLayer({ inputs, outputs, steps }: SmallLayerOptions): SmallLayer {
  let matrix: Vector = new Float64Array(inputs * outputs);
  let gradient = new Float64Array(inputs * outputs);
  let seen: Float64Array[] = [];
  return {
    setWeights: (next) => {
      requireLength('a matrix', next, inputs * outputs);
      matrix = next;
      gradient = new Float64Array(inputs * outputs);
    },
    begin: () => {
      seen = [];
    },
    step: (x) => {
      requireLength('x', x, inputs);
      if (seen.length === steps) throw new RangeError(`this layer has room for ${steps} steps`);
      seen.push(Float64Array.from(x));
      return Float64Array.from({ length: outputs }, (_, k) => dot(inputs, (i) => x[i]! * matrix[i * outputs + k]!));
    },
    stepBack: (d) => {
      requireLength('∂loss/∂out', d, outputs);
      const x = seen.pop();
      if (x === undefined) throw new RangeError('every step of this episode has gone back already');
      x.forEach((value, i) => d.forEach((slope, k) => (gradient[i * outputs + k]! += value * slope)));
    },
    slopeOf: (d) => {
      requireLength('∂loss/∂out', d, outputs);
      return Float64Array.from({ length: inputs }, (_, i) => dot(outputs, (k) => d[k]! * matrix[i * outputs + k]!));
    },
    gradient: () => gradient.slice(),
  };
}
