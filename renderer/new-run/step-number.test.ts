import { describe, expect, it } from 'vitest';
import { stepNumber } from './step-number.ts';

const up = { key: 'ArrowUp', shiftKey: false };
const down = { key: 'ArrowDown', shiftKey: false };

describe('stepNumber', () => {
  it('goes by the step of the field', () => {
    expect(stepNumber('32', 2, up)).toBe('34');
    expect(stepNumber('32', 2, { ...down, shiftKey: true })).toBe('12');
  });

  it.each([
    ['3e-4', '4e-4', '2e-4'],
    ['0.01', '0.02', '0'],
    ['1.5', '1.6', '1.4'],
    ['2', '3', '1'],
  ])('goes by the last digit of %s where there is no step', (text, above, below) => {
    expect(stepNumber(text, undefined, up)).toBe(above);
    expect(stepNumber(text, undefined, down)).toBe(below);
  });

  it('leaves other keys and other texts alone', () => {
    expect(stepNumber('3', 1, { key: 'Enter', shiftKey: false })).toBeUndefined();
    expect(stepNumber('three', 1, up)).toBeUndefined();
  });
});
