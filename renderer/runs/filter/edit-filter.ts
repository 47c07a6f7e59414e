/** Changes to the text of a filter that come from elsewhere than the keyboard: facets, chips, a click on a tag. */
import type { Column } from '../columns.ts';
import { parseFilter, type Term } from './parse-filter.ts';
import { quote, splitWords } from './split-words.ts';

/** The values that the filter asks for in a column of words, from the conditions without a minus. */
export function chosenValues(terms: readonly Term[], column: Column): string[] {
  return terms.filter((term) => term.column?.id === column.id && !term.word.negated).flatMap(({ values }) => values ?? []);
}

/** Asks for `value` as one more alternative, or no longer. */
export function toggleValue(text: string, columns: readonly Column[], column: Column, value: string): string {
  const { terms } = parseFilter(text, columns, 0);
  const chosen = chosenValues(terms, column);
  const next = chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value];
  return setValues(text, columns, column, next);
}

/** Asks for these values of a column instead of those before; none: the column does not count. */
export function setValues(text: string, columns: readonly Column[], column: Column, values: readonly string[]): string {
  const { terms } = parseFilter(text, columns, 0);
  const replaced = new Set(terms.filter((term) => term.column?.id === column.id && !term.word.negated).map(({ word }) => word.start));
  const kept = splitWords(text)
    .filter(({ start }) => !replaced.has(start))
    .map(({ start, end }) => text.slice(start, end));
  const term = `${column.names[0]!}:${values.map(quote).join(',')}`;
  return [...kept, ...(values.length > 0 ? [term] : [])].join(' ');
}
