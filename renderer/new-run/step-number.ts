/** The arrow keys in a field for numbers. */
import { parseNumber } from '../../core/contract/numbers.ts';
import { plain } from './fields.ts';

/**
 * One step up or down, ten with Shift. Numbers without a step of their own go by their last digit: 3e-4 → 4e-4.
 * Undefined where the key is another one or the text is no number.
 */
export function stepNumber(
  text: string,
  step: number | undefined,
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
): string | undefined {
  const direction = { ArrowUp: 1, ArrowDown: -1 }[key];
  const number = parseNumber(text.trim());
  if (direction === undefined || number === undefined) return undefined;
  const times = direction * (shiftKey ? 10 : 1);
  if (step !== undefined) return plain(number + times * step);
  const unit = 10 ** -digitsAfterPoint(text.trim());
  return plain(Number((number + times * unit).toPrecision(12)));
}

function digitsAfterPoint(text: string): number {
  const [, mantissa = '', exponent = '0'] = /^[-+]?([\d.]+)(?:e([-+]?\d+))?$/i.exec(text) ?? [];
  const point = mantissa.indexOf('.');
  return (point < 0 ? 0 : mantissa.length - point - 1) - Number(exponent);
}
