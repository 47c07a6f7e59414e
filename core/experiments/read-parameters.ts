/** From names and values that somebody gave to a complete, checked record. */
import { InputError } from '../contract/errors.ts';
import { suggestName } from '../contract/nearest-name.ts';
import type { ParameterValue } from '../contract/run-spec.ts';
import { readParameter, type Parameters, type ValuesOf } from './parameter.ts';

/** `values` of a run that was stored, with what it had before there were parameters that it does not name. */
export function completeStored(
  parameters: Parameters,
  values: Readonly<Record<string, ParameterValue>>,
): Readonly<Record<string, ParameterValue>> {
  const before = Object.entries(parameters).flatMap(([name, parameter]) =>
    parameter.before === undefined ? [] : [[name, parameter.before] as const],
  );
  return { ...Object.fromEntries(before), ...values };
}

/**
 * All of `parameters`, with `values` in place of the defaults.
 * @throws InputError `unknown-parameter` with the nearest real name, or `parameter-out-of-range`.
 */
export function readParameters<P extends Parameters>(parameters: P, values: Readonly<Record<string, ParameterValue>>): ValuesOf<P> {
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(parameters, name)) {
      throw new InputError('unknown-parameter', `there is no parameter "${name}": ${suggestName(name, Object.keys(parameters))}`);
    }
  }
  const entries = Object.entries(parameters).map(([name, parameter]) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return [name, value === undefined ? parameter.default : readParameter(name, parameter, value)];
  });
  return Object.fromEntries(entries) as ValuesOf<P>;
}
