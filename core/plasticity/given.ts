/** An episode batch's given vectors in the backend's memory, and the masks of the steps that clamp only some neurons. */
import { resizeMatrix } from './layout.ts';
import type { Operations, Tensor } from '../backend/operations.ts';
import type { NeuronRange, Protocol, ProtocolStep } from './protocol.ts';

export interface GivenVectors {
  readonly batch: number;
  /** The host's copy of row `given`, [B · width], padded. */
  values(given: number): Float32Array;
  /** Row `given` as it is, [1, B · width]. */
  row(given: number): Tensor;
  /** The clamped neurons' values of a step, 0 where it computes, [B, width]. */
  clamped(step: ProtocolStep): Tensor;
  /** 1 where the step computes, 0 elsewhere, [B, columns]: a factor of the same shape takes half the time of one that is repeated. */
  free(step: ProtocolStep, columns: NeuronRange): Tensor;
}

/**
 * Uploads are kept for the scope around the step's, so that they live as long as the episode.
 * @param given [G, B, N].
 */
export function createGivenVectors(
  operations: Operations,
  protocol: Protocol,
  width: number,
  batch: number,
  given: Float32Array,
): GivenVectors {
  const { neurons } = protocol;
  const cached = <Key, Value>(make: (key: Key) => Value, identity: (key: Key) => string) => {
    const known = new Map<string, Value>();
    return (key: Key): Value => {
      const name = identity(key);
      const value = known.get(name) ?? make(key);
      known.set(name, value);
      return value;
    };
  };
  const values = cached(
    (row: number) => resizeMatrix(given.subarray(row * batch * neurons, (row + 1) * batch * neurons), neurons, batch, width),
    String,
  );
  const maskKey = ({ free, clamped = [] }: ProtocolStep) => `${free.start}:${free.end}:${clamped.join()}`;
  const mask = cached((step: ProtocolStep) => {
    const free = new Float32Array(width).fill(1, step.free.start, step.free.end);
    for (const neuron of step.clamped ?? []) free[neuron] = 0;
    return free;
  }, maskKey);
  return {
    batch,
    values,
    row: cached((row: number) => operations.keep(operations.tensor(values(row), [1, batch * width])), String),
    clamped: cached(
      (step: ProtocolStep) => {
        const free = mask(step);
        const clamped = values(step.given).slice();
        for (let at = 0; at < clamped.length; at++) clamped[at]! *= 1 - free[at % width]!;
        return operations.keep(operations.tensor(clamped, [batch, width]));
      },
      (step) => `${step.given}/${maskKey(step)}`,
    ),
    free: (() => {
      const masks = new Map<string, Tensor>();
      return (step: ProtocolStep, { start, end }: NeuronRange) => {
        const key = `${maskKey(step)}/${start}:${end}`;
        const known =
          masks.get(key) ?? operations.keep(operations.tensor(repeat(mask(step).subarray(start, end), batch), [batch, end - start]));
        masks.set(key, known);
        return known;
      };
    })(),
  };
}

function repeat(values: Float32Array, times: number): Float32Array {
  const repeated = new Float32Array(values.length * times);
  for (let at = 0; at < times; at++) repeated.set(values, at * values.length);
  return repeated;
}
