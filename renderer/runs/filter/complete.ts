/** What could come next in the filter: columns by their names, values that occur, with how many runs have them. */
import type { Column } from '../columns.ts';
import { isNumeric } from '../columns.ts';
import type { TableRow } from '../row.ts';
import { findColumn, flags, splitTerm } from './parse-filter.ts';
import { quote, splitWords, unquote } from './split-words.ts';

export interface Suggestion {
  /** As it is shown and put into the text. */
  readonly text: string;
  /** What it means, or how many runs it holds for. */
  readonly hint: string;
  /** A whole condition; otherwise a value has to follow. */
  readonly isWhole: boolean;
}

export interface Completion {
  /** The part of the text that a suggestion replaces. */
  readonly start: number;
  readonly end: number;
  readonly suggestions: readonly Suggestion[];
}

const most = 8;

export function complete(text: string, caret: number, columns: readonly Column[], rows: readonly TableRow[]): Completion {
  const word = splitWords(text).find(({ start, end }) => caret > start && caret <= end);
  if (word === undefined) return { start: caret, end: caret, suggestions: suggestColumns('', columns).slice(0, most) };
  const start = word.start + (word.negated ? 1 : 0);
  const typed = text.slice(start, caret);
  const parts = splitTerm(typed);
  const suggestions =
    parts === undefined ? suggestAny(unquote(typed), columns, rows) : suggestValues(parts.name, parts.value, columns, rows);
  return { start, end: word.end, suggestions: suggestions.filter((each) => each.text !== word.text).slice(0, most) };
}

function suggestAny(typed: string, columns: readonly Column[], rows: readonly TableRow[]): Suggestion[] {
  const begins = (name: string) => name.toLowerCase().startsWith(typed.toLowerCase());
  const values =
    typed.length < 2 ? [] : columns.filter(({ kind }) => kind === 'choice').flatMap((column) => valuesOf(column, rows, begins));
  return [...suggestColumns(typed, columns), ...values.slice(0, most)];
}

function suggestColumns(typed: string, columns: readonly Column[]): Suggestion[] {
  const wanted = typed.toLowerCase();
  const matching = columns.filter(({ names }) => names.some((name) => name.toLowerCase().startsWith(wanted)));
  const found = matching.map((column): Suggestion => {
    const name = column.names[0]!;
    const sign = isNumeric(column) && column.id !== 'seed' ? '<' : ':';
    return { text: `${name}${sign}`, hint: explain(column), isWhole: false };
  });
  const flagNames = Object.keys(flags).filter((name) => wanted !== '' && name.startsWith(wanted));
  return [...found, ...flagNames.map((name) => ({ text: `${name}:`, hint: Object.keys(flags[name]!).join(', '), isWhole: false }))];
}

function explain(column: Column): string {
  if (column.kind === 'time') return 'today, 7d, 2026-11-20';
  if (column.kind === 'bytes') return 'a size: 100MB';
  if (column.kind === 'seconds') return 'a time: 5min';
  if (column.id === 'score') return 'score: <0.3, <1%';
  if (isNumeric(column)) return `${column.title.toLowerCase()}: 1..3, <20`;
  return column.title.toLowerCase();
}

function suggestValues(name: string, value: string, columns: readonly Column[], rows: readonly TableRow[]): Suggestion[] {
  const flag = flags[name.toLowerCase()];
  const [before, last] = splitLast(value);
  const begins = (candidate: string) => candidate.toLowerCase().startsWith(last.toLowerCase());
  if (flag !== undefined) {
    const known = Object.keys(flag).filter(begins);
    return known.map((each) => ({ text: `${name}:${each}`, hint: countMatching(rows, flag[each]!), isWhole: true }));
  }
  const column = findColumn(name, columns);
  if (column === undefined) return [];
  if (column.kind === 'time') {
    return ['today', 'yesterday', '7d', '30d'].filter(begins).map((each) => ({ text: `${name}:${each}`, hint: '', isWhole: true }));
  }
  if (isNumeric(column) || column.kind === 'spark' || column.kind === 'text') return [];
  return valuesOf(column, rows, begins, (each) => `${name}:${before}${quote(each)}`);
}

/** What stands before the alternative that is being typed, and that one without its quotes. */
function splitLast(value: string): readonly [before: string, last: string] {
  const last = /(?:"[^"]*"?|[^,"])*$/u.exec(value)![0];
  return [value.slice(0, value.length - last.length), unquote(last)];
}

const countMatching = (rows: readonly TableRow[], test: (row: TableRow) => boolean) => `${rows.filter(test).length}`;

function valuesOf(
  column: Column,
  rows: readonly TableRow[],
  fits: (value: string) => boolean,
  write = (value: string) => `${column.names[0]!}:${quote(value)}`,
): Suggestion[] {
  return countValues(column, rows)
    .filter(({ value }) => fits(value))
    .map(({ value, count }) => ({ text: write(value), hint: count.toLocaleString('en'), isWhole: true }));
}

export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/** The values that occur in a column, the most frequent first. */
export function countValues({ value, values }: Column, rows: readonly TableRow[]): ValueCount[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    if (values === undefined) {
      const own = value(row);
      if (own !== null) counts.set(String(own), (counts.get(String(own)) ?? 0) + 1);
    } else {
      for (const own of values(row)) counts.set(own, (counts.get(own) ?? 0) + 1);
    }
  }
  return [...counts].map(([own, count]) => ({ value: own, count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
