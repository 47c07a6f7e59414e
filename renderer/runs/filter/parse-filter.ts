/**
 * The language of the filter: `free status:running loss<20 seed:1..3 -tag:old lr<=1e-4 started:7d has:note`.
 * Words that are separated by spaces must all hold; values that are separated by commas are alternatives; a minus in front turns a condition round.
 * What cannot be understood is told as a problem and narrows nothing.
 */
import { suggestName } from '../../../core/contract/nearest-name.ts';
import { runStatuses } from '../../../core/contract/run-status.ts';
import { isNumeric, type Column } from '../columns.ts';
import { fold, searchText, type TableRow } from '../row.ts';
import { readNumber, readRange, readTimes, type Range } from './read-number.ts';
import { splitValues, splitWords, unquote, type Word } from './split-words.ts';

export type Test = (row: TableRow) => boolean;

/** One condition; `values` are the alternatives of a column that holds words. */
export interface Term {
  readonly word: Word;
  readonly column?: Column;
  readonly values?: readonly string[];
  /** Undefined while its value is still to come. */
  readonly test: Test | undefined;
}

export interface Problem {
  readonly word: Word;
  /** A sentence that names the rule and the value. */
  readonly message: string;
}

export interface Filter {
  readonly terms: readonly Term[];
  readonly problems: readonly Problem[];
  readonly matches: Test;
}

/** What `is:` and `has:` know. */
export const flags: Readonly<Record<string, Readonly<Record<string, Test>>>> = {
  is: {
    live: ({ status }) => status === 'running' || status === 'queued' || status === 'paused',
    protected: (row) => row.protected,
  },
  has: {
    name: ({ name }) => name !== '',
    note: ({ note }) => note !== '',
    tag: ({ tags }) => tags.length > 0,
    group: ({ group }) => group !== '',
  },
};

type Operator = '<=' | '>=' | '<' | '>' | ':' | '=';

/** @param isTyping the last word may be the beginning of a column's name still, and narrows nothing then. */
export function parseFilter(text: string, columns: readonly Column[], nowMs: number, isTyping = false): Filter {
  const read = splitWords(text).map((word) => {
    const isOpen = isTyping && word.end === text.length && beginsName(word.text, columns);
    return isOpen ? { word, test: undefined } : readTerm(word, columns, nowMs);
  });
  const terms = read.filter((result): result is Term => 'test' in result);
  const problems = read.filter((result): result is Problem => 'message' in result);
  const tests = terms.flatMap(({ test, word }): Test[] => (test === undefined ? [] : word.negated ? [(row) => !test(row)] : [test]));
  return { terms, problems, matches: (row) => tests.every((test) => test(row)) };
}

function beginsName(text: string, columns: readonly Column[]): boolean {
  const typed = text.toLowerCase();
  return columns.some(({ names }) => names.some((name) => name.toLowerCase().startsWith(typed)));
}

/** The parts of `loss<=20`; undefined of a word without an operator. */
export function splitTerm(text: string): { name: string; operator: Operator; value: string } | undefined {
  const match = /^([\p{L}][\p{L}\d]*)(<=|>=|[<>:=])(.*)$/su.exec(text);
  return match === null ? undefined : { name: match[1]!, operator: match[2] as Operator, value: match[3]! };
}

export function findColumn(name: string, columns: readonly Column[]): Column | undefined {
  const wanted = name.toLowerCase();
  return columns.find(({ names }) => names.some((own) => own.toLowerCase() === wanted));
}

function readTerm(word: Word, columns: readonly Column[], nowMs: number): Term | Problem {
  const parts = splitTerm(word.text);
  if (parts === undefined) {
    const wanted = fold(unquote(word.text));
    return { word, test: word.text === '-' ? undefined : (row) => searchText(row).includes(wanted) };
  }
  const { name, operator, value } = parts;
  const flag = flags[name.toLowerCase()];
  if (flag !== undefined) return readFlag(word, name, value, flag);
  const column = findColumn(name, columns);
  const problem = (message: string): Problem => ({ word, message });
  if (column === undefined) return problem(`there is no column “${name}”: ${suggest(name, columns)}`);
  if (value === '') return { word, column, test: undefined };
  if (column.kind === 'time') return readTimeTerm(word, column, operator, value, nowMs);
  if (isNumeric(column)) return readNumberTerm(word, column, operator, value);
  if (operator !== ':' && operator !== '=') return problem(`${column.names[0]!} holds words, which have no order: use “${name}:${value}”`);
  return readChoiceTerm(word, column, operator, value);
}

function suggest(name: string, columns: readonly Column[]): string {
  const names = columns.flatMap((column) => column.names);
  const usual = names.slice(0, 12);
  const said = suggestName(name, names);
  return said.startsWith('did') ? said : `${usual.join(', ')} and others are`;
}

function readFlag(word: Word, name: string, value: string, known: Readonly<Record<string, Test>>): Term | Problem {
  const test = known[value.toLowerCase()];
  if (test !== undefined || value === '') return { word, test };
  return { word, message: `“${name}:” knows ${Object.keys(known).join(', ')}, not “${value}”` };
}

function readNumberTerm(word: Word, column: Column, operator: Operator, value: string): Term | Problem {
  const parts = splitValues(value);
  const isOrder = operator !== ':' && operator !== '=';
  // `>10,000` would be above 10 or above 0.
  if (isOrder && parts.length > 1) {
    return { word, message: `“${column.names[0]!}${operator}” takes one number, without commas: 10000 or 10k, not “${value}”` };
  }
  const ranges: Range[] = [];
  for (const part of parts) {
    const range = !isOrder ? readRange(part, column.kind) : open(operator, readNumber(part, column.kind));
    if (range === undefined) return { word, message: `${column.names[0]!} is a number: “${example(column)}”, not “${part}”` };
    ranges.push(range);
  }
  return { word, column, test: (row) => isWithin(column.value(row), ranges) };
}

/** The next larger or smaller number, so that both ends belong to a range. */
function open(operator: Operator, value: number | undefined): Range | undefined {
  if (value === undefined) return undefined;
  const least = Math.max(Math.abs(value) * Number.EPSILON, Number.MIN_VALUE);
  if (operator === '<') return { from: -Infinity, to: value - least };
  if (operator === '<=') return { from: -Infinity, to: value };
  return operator === '>' ? { from: value + least, to: Infinity } : { from: value, to: Infinity };
}

function isWithin(value: string | number | null, ranges: readonly Range[]): boolean {
  return typeof value === 'number' && ranges.some(({ from, to }) => value >= from && value <= to);
}

function example({ names, kind }: Column): string {
  const name = names[0]!;
  if (kind === 'bytes') return `${name}>100MB`;
  if (kind === 'seconds') return `${name}>5min`;
  return kind === 'count' ? `${name}:1..3` : `${name}<20`;
}

function readTimeTerm(word: Word, column: Column, operator: Operator, value: string, nowMs: number): Term | Problem {
  const times = readTimes(unquote(value), nowMs);
  const name = column.names[0]!;
  if (times === undefined) {
    return { word, message: `${name} is a time: “${name}:today”, “${name}:7d” or “${name}>2026-11-20”, not “${value}”` };
  }
  const { from, to } = times;
  const isAge = to === Infinity && /^\d/.test(value);
  const ranges: Record<Operator, Range> = {
    ':': times,
    '=': times,
    // `started<7d`: less than seven days ago.
    '<': isAge ? times : { from: -Infinity, to: from - 1 },
    '<=': isAge ? times : { from: -Infinity, to },
    '>': isAge ? { from: -Infinity, to: from } : { from: to === Infinity ? from : to + 1, to: Infinity },
    '>=': isAge ? { from: -Infinity, to: from } : { from, to: Infinity },
  };
  return { word, column, test: (row) => isWithin(column.value(row), [ranges[operator]]) };
}

/** Columns of few values hold one of these exactly (`week-*`: one that begins so); others contain the words. */
function readChoiceTerm(word: Word, column: Column, operator: Operator, value: string): Term | Problem {
  const values = splitValues(value);
  if (column.id === 'status') {
    const wrong = values.find((each) => !runStatuses.some((status) => status === each.toLowerCase()));
    if (wrong !== undefined) return { word, message: `“${wrong}” is no status: ${suggestName(wrong, runStatuses)}` };
  }
  const tests = values.map((each) => {
    const wanted = fold(each.endsWith('*') ? each.slice(0, -1) : each);
    if (each.endsWith('*')) return (text: string) => text.startsWith(wanted);
    const isExact = operator === '=' || column.kind === 'choice';
    return isExact ? (text: string) => text === wanted : (text: string) => text.includes(wanted);
  });
  const { value: read, values: readAll } = column;
  const test: Test = (row) => {
    const own = readAll === undefined ? [read(row)] : readAll(row);
    return own.some((each) => each !== null && tests.some((matches) => matches(foldOnce(String(each)))));
  };
  return { word, column, values, test };
}

const folded = new Map<string, string>();

/** Few texts come again and again. */
function foldOnce(text: string): string {
  let result = folded.get(text);
  if (result === undefined) {
    if (folded.size > 50_000) folded.clear();
    folded.set(text, (result = fold(text)));
  }
  return result;
}
