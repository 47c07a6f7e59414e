/** A learned array as three resource variables of TensorFlow, so that its own fused Adam updates value and moments in one pass. */
import type { Eager } from './tensorflow-eager.ts';
import type { AdamStep, Parameter, ParameterValues, Tensor } from './operations.ts';
import type { OutputHandle } from './tensorflow-binding.ts';

let created = 0;

export function createTensorflowParameter(eager: Eager, initial: ParameterValues, shape: readonly number[]): Parameter {
  const { binding, scopes } = eager;
  const dtype = [eager.typeAttribute('dtype')];
  const adamAttributes = [eager.typeAttribute('T'), eager.flag('use_locking', false), eager.flag('use_nesterov', false)];
  created++;
  const [valueVariable, firstVariable, secondVariable] = ['value', 'first-moment', 'second-moment'].map((part) => {
    const attributes = [
      ...dtype,
      { name: 'shape', type: binding.TF_ATTR_SHAPE, value: [...shape] },
      { name: 'shared_name', type: binding.TF_ATTR_STRING, value: `parameter-${created}-${part}` },
      { name: 'container', type: binding.TF_ATTR_STRING, value: '' },
    ];
    return binding.executeOp('VarHandleOp', attributes, [], 1)[0]!.id;
  }) as [number, number, number];

  const assign = (variable: number, values: Float32Array) =>
    scopes.tidy(() => {
      // An uploaded tensor shares JavaScript's memory, and a variable would take it over and write to it: it gets a copy of its own.
      const copy = eager.run('AddV2', [], [eager.upload(values, shape).id, eager.upload(Float32Array.of(0), []).id]);
      eager.act('AssignVariableOp', dtype, [variable, copy.id]);
    });
  const read = (variable: number) => scopes.tidy(() => binding.tensorDataSync(eager.run('ReadVariableOp', dtype, [variable]).id));
  const write = (values: ParameterValues) => {
    assign(valueVariable, values.value);
    assign(firstVariable, values.firstMoment);
    assign(secondVariable, values.secondMoment);
  };
  write(initial);

  return {
    shape,
    value: () => eager.run('ReadVariableOp', dtype, [valueVariable]),
    adam: (gradient: Tensor, step: AdamStep) =>
      scopes.tidy(() => {
        const number = (value: number) => eager.upload(Float32Array.of(value), []).id;
        // TensorFlow derives the step size from the powers of beta; powers of 0 leave `stepSize` as it is.
        const scalars = [0, 0, step.stepSize, step.beta1, step.beta2, step.epsilon].map(number);
        const variables = [valueVariable, firstVariable, secondVariable];
        eager.act('ResourceApplyAdam', adamAttributes, [...variables, ...scalars, (gradient as OutputHandle).id]);
      }),
    read: () => Promise.resolve({ value: read(valueVariable), firstMoment: read(firstVariable), secondMoment: read(secondVariable) }),
    write,
    dispose: () => {
      for (const variable of [valueVariable, firstVariable, secondVariable]) {
        eager.act('DestroyResourceOp', [], [variable]);
        binding.deleteTensor(variable);
      }
    },
  };
}
