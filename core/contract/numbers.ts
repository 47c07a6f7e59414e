/** Numbers as people type them, on a command line or in a form. */

/** Decimal notation only, as `300`, `-0.5` or `1e-4`; undefined for anything else, infinities included. */
export function parseNumber(text: string): number | undefined {
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

export interface NumberRule {
  readonly minimum: number;
  readonly maximum: number;
  /** Only multiples of this; 1 for whole numbers. */
  readonly multipleOf?: number | undefined;
}

export function obeys(number: number, { minimum, maximum, multipleOf }: NumberRule): boolean {
  return number >= minimum && number <= maximum && (multipleOf === undefined || number % multipleOf === 0);
}

/** 3, 1..5, or 1,4,8..10, each number once; undefined for anything else, for more than `most` numbers, and for one above `maximum`. */
export function parseNumberList(text: string, maximum: number, most: number): number[] | undefined {
  const numbers = new Set<number>();
  for (const part of text.split(',')) {
    const [, first, last = first] = /^\s*(\d+)(?:\.\.(\d+))?\s*$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (!(from <= to && to <= maximum && to - from < most)) return undefined;
    for (let number = from; number <= to; number++) numbers.add(number);
  }
  return numbers.size > most ? undefined : [...numbers];
}
