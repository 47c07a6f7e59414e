/** TensorFlow's eager execution without tfjs's own bookkeeping, which costs several times as much as a small op. */
import { createScopes } from './scopes.ts';
import type { Scopes } from './scopes.ts';
import type { OpAttribute, OutputHandle, TensorflowBinding } from './tensorflow-binding.ts';

export interface Eager {
  readonly binding: TensorflowBinding;
  readonly scopes: Scopes<OutputHandle>;
  /** Runs an op of one output; ids may name tensors, resources or constants. */
  run(name: string, attributes: readonly OpAttribute[], inputs: readonly number[]): OutputHandle;
  /** Runs an op for its effect. */
  act(name: string, attributes: readonly OpAttribute[], inputs: readonly number[]): void;
  /** A new float32 tensor, owned by the innermost scope. */
  upload(values: Float32Array, shape: readonly number[]): OutputHandle;
  /** The id of an int32 constant: shapes, offsets and axes are tensors to TensorFlow, and an episode uses the same few hundred again and again. */
  integers(values: readonly number[], shape?: ConstantShape): number;
  typeAttribute(name: string): OpAttribute;
  flag(name: string, value: boolean): OpAttribute;
  live(): number;
}

/** A single number, a list, or a list of pairs. */
type ConstantShape = readonly [] | readonly [number] | readonly [number, 2];

interface Constant {
  id: number | undefined;
  readonly next: Map<number, Constant>;
}

const createConstant = (): Constant => ({ id: undefined, next: new Map() });

export function createEager(binding: TensorflowBinding): Eager {
  let live = 0;
  const scopes = createScopes<OutputHandle>((handle) => {
    binding.deleteTensor(handle.id);
    live--;
  });
  const track = (handle: OutputHandle) => {
    live++;
    return scopes.track(handle);
  };
  // By rank, then by one number after the other: a key as text would cost as much as a small op.
  const constants: Constant[] = [createConstant(), createConstant(), createConstant()];
  return {
    binding,
    scopes,
    run: (name, attributes, inputs) => track(binding.executeOp(name, attributes, inputs, 1)[0]!),
    act: (name, attributes, inputs) => void binding.executeOp(name, attributes, inputs, 0),
    upload: (values, shape) => track({ id: binding.createTensor(shape, binding.TF_FLOAT, values), shape }),
    integers: (values, shape = [values.length]) => {
      let constant = constants[shape.length]!;
      for (const value of values) {
        let next = constant.next.get(value);
        if (!next) constant.next.set(value, (next = createConstant()));
        constant = next;
      }
      return (constant.id ??= binding.createTensor(shape, binding.TF_INT32, Int32Array.from(values)));
    },
    typeAttribute: (name) => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }),
    flag: (name, value) => ({ name, type: binding.TF_ATTR_BOOL, value }),
    live: () => live,
  };
}
