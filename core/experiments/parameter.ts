/** A hyper-parameter as data: its default, meaning, source and the values that make sense. */
import { InputError } from '../contract/errors.ts';
import { obeys, parseNumber } from '../contract/numbers.ts';
import type { Origin } from '../contract/origin.ts';
import type { ParameterValue } from '../contract/run-spec.ts';

export { parseNumber };

/** `source`: where the default comes from. */
interface Described extends Origin {
  /** Where a form puts it. */
  readonly group: 'task' | 'network' | 'plasticity' | 'training' | 'run';
  readonly meaning: string;
  /** What runs have that were made before there was such a parameter, where that is not the default. */
  readonly before?: ParameterValue;
}

export interface NumberParameter extends Described {
  readonly kind: 'number';
  readonly default: number;
  /** Empty for pure numbers. */
  readonly unit: string;
  readonly minimum: number;
  readonly maximum: number;
  /** Only multiples of this; 1 for whole numbers. */
  readonly multipleOf?: number;
}

export interface ChoiceParameter extends Described {
  readonly kind: 'choice';
  readonly default: string;
  readonly choices: readonly string[];
}

export type Parameter = NumberParameter | ChoiceParameter;
export type Parameters = Readonly<Record<string, Parameter>>;

/** The values that such parameters take. */
export type ValuesOf<P extends Parameters> = {
  readonly [Name in keyof P]: P[Name] extends { readonly kind: 'choice'; readonly choices: readonly (infer Choice)[] } ? Choice : number;
};

/**
 * The value of parameter `name`, from a number or from text as it stands on a command line.
 * @throws InputError `parameter-out-of-range` naming the rule and the value.
 */
export function readParameter(name: string, parameter: Parameter, value: ParameterValue): ParameterValue {
  if (parameter.kind === 'choice') {
    if (parameter.choices.includes(String(value))) return String(value);
    throw outOfRange(name, describeRule(parameter), value);
  }
  const number = typeof value === 'number' ? value : parseNumber(value);
  if (number === undefined || !obeys(number, parameter)) throw outOfRange(name, describeRule(parameter), value);
  return number;
}

/** "a whole number from 1 to 20", "hebb or oja". */
export function describeRule(parameter: Parameter): string {
  if (parameter.kind === 'choice') return parameter.choices.join(' or ');
  const { minimum, maximum, multipleOf } = parameter;
  const kind = multipleOf === undefined ? 'a number' : multipleOf === 1 ? 'a whole number' : `a multiple of ${multipleOf}`;
  return `${kind} from ${minimum} to ${maximum}`;
}

function outOfRange(name: string, rule: string, value: ParameterValue): InputError {
  return new InputError('parameter-out-of-range', `parameter ${name} must be ${rule}, not ${JSON.stringify(value)}`);
}
