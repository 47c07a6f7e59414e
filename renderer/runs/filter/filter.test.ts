import { describe, expect, it } from 'vitest';
import { createColumns } from '../columns.ts';
import type { TableRow } from '../row.ts';
import { aRecipe, aRow } from '../test-support/rows.ts';
import { complete } from './complete.ts';
import { setValues, toggleValue } from './edit-filter.ts';
import { parseFilter } from './parse-filter.ts';

const nowMs = new Date(2026, 10, 25, 15, 0).getTime();
const day = (date: number, hour = 12) => new Date(2026, 10, date, hour).getTime();
const columns = createColumns(
  new Map([
    ['learningRate', 'number'],
    ['rule', 'string'],
  ]),
);
const rows: readonly TableRow[] = [
  aRow('a', {
    loss: 19,
    score: 0.25,
    seed: 1,
    tags: ['paper', 'week-1'],
    sizeBytes: 34e6,
    startedAtMs: day(25, 9),
    seconds: 480,
    note: 'look again',
  }),
  aRow('b', {
    loss: 20,
    score: 0.5,
    seed: 2,
    tags: ['paper'],
    status: 'running',
    protected: true,
    startedAtMs: day(24),
    device: 'CPU, 2 threads',
  }),
  aRow('c', { loss: null, seed: 3, recipe: aRecipe({ variant: 'yoked', parameters: { learningRate: 1e-3, rule: 'oja' } }) }),
  aRow('d', { loss: 40, seed: 11, name: 'Größe: a long try', status: 'failed', startedAtMs: day(2), sizeBytes: 2e9, group: 'alpha' }),
];
const find = (text: string) => {
  const { matches } = parseFilter(text, columns, nowMs);
  return rows
    .filter(matches)
    .map(({ id }) => id)
    .join('');
};
const complain = (text: string) => parseFilter(text, columns, nowMs).problems.map(({ message }) => message);

describe('a filter', () => {
  it.each([
    ['abcd', ''],
    ['abcd', '   '],
    ['abd', 'free'],
    ['d', 'GRÖSSE'],
    ['d', 'long try'],
    ['d', '"a long"'],
    ['', 'long paper'],
    ['b', 'status:running'],
    ['bd', 'status:running,FAILED'],
    ['acd', '-status:running'],
    ['ab', 'tag:paper'],
    ['a', 'tag:week-*'],
    ['', 'tag:week'],
    ['a', 'tag:paper tag:week-1'],
    ['c', 'variant:yoked'],
    ['a', 'loss<20'],
    ['ab', 'loss<=20'],
    ['d', 'loss>20'],
    ['bd', 'loss>=2e1'],
    ['b', 'loss:20'],
    ['bcd', '-loss<20'],
    ['abc', 'seed:1..3'],
    ['cd', 'seed:3..'],
    ['ab', 'seed:..2'],
    ['ad', 'seed:1,11'],
    ['ad', 'size>30MB'],
    ['d', 'size>=2GB'],
    ['a', 'took>5min'],
    ['a', 'took:8min'],
    ['a', 'score<0.3'],
    ['a', 'error<0.3'],
    ['b', 'score>30%'],
    ['ab', 'score:10%..100%'],
    ['c', 'lr>=1e-3'],
    ['c', 'learningrate:0.001'],
    ['abd', 'rule:hebb'],
    ['a', 'started:today'],
    ['b', 'started:yesterday'],
    ['ab', 'started:7d'],
    ['d', 'started<2026-11-03'],
    ['ab', 'started>2026-11-02'],
    ['b', 'started:2026-11-24'],
    ['abd', 'started:2026-11'],
    ['b', 'started:2026-11-20..2026-11-24'],
    ['d', 'started>7d'],
    ['b', 'is:protected'],
    ['b', 'is:live'],
    ['a', 'has:note'],
    ['cd', '-has:tag'],
    ['b', 'device:"CPU, 2 threads"'],
    ['b', 'device:"CPU, 2 threads",GPU'],
    ['d', 'name:try'],
    ['abcd', 'status:'],
    ['abcd', 'loss<'],
    ['abcd', '-tag:'],
    ['abcd', 'is:'],
    ['abcd', '-'],
  ])('finds %s by %s', (ids, text) => {
    expect(find(text)).toBe(ids);
    expect(complain(text)).toEqual([]);
  });

  it.each([
    ['loss<abc', 'loss is a number: “loss<20”, not “abc”'],
    ['size:many', 'size is a number: “size>100MB”, not “many”'],
    ['seed:1..x', 'seed is a number: “seed:1..3”, not “1..x”'],
    ['started:2026-13-01', 'started is a time: “started:today”, “started:7d” or “started>2026-11-20”, not “2026-13-01”'],
    ['status:runing', '“runing” is no status: did you mean "running"?'],
    ['los<20', 'there is no column “los”: did you mean "loss"?'],
    ['is:nice', '“is:” knows live, protected, not “nice”'],
    ['episodes>10,000', '“episodes>” takes one number, without commas: 10000 or 10k, not “10,000”'],
    ['loss<=1,5', '“loss<=” takes one number, without commas: 10000 or 10k, not “1,5”'],
    ['tag<3', 'tag holds words, which have no order: use “tag:3”'],
  ])('says of %s what is wrong, and narrows nothing by it', (text, message) => {
    expect(complain(text)).toEqual([message]);
    expect(find(text)).toBe('abcd');
    expect(find(`${text} tag:paper`)).toBe('ab');
  });
});

it('knows a parameter that is called as something else of a run by a name of its own', () => {
  const own = createColumns(
    new Map([
      ['size', 'number'],
      ['Target', 'number'],
      ['sizes', 'number'],
    ]),
  );
  const big = aRow('e', { recipe: aRecipe({ parameters: { size: 9, Target: 2, sizes: 1 } }), sizeBytes: 3 });
  const finds = (text: string) => parseFilter(text, own, nowMs).matches(big);
  expect(['size<5', 'parameterSize<5', 'parametersize:9', 'parameterTarget:2', 'sizes:1'].map(finds)).toEqual([
    true,
    false,
    true,
    true,
    true,
  ]);
  expect(complete('si', 2, own, [big]).suggestions.map(({ text }) => text)).toEqual(['size<', 'sizes<']);
});

it('waits for the rest of a word that may become the name of a column', () => {
  const matching = (text: string, isTyping: boolean) => rows.filter(parseFilter(text, columns, nowMs, isTyping).matches).length;
  expect(matching('tag:paper vari', true)).toBe(2);
  expect(matching('tag:paper vari', false)).toBe(0);
  expect(matching('vari tag:paper', true)).toBe(0);
  expect(matching('yoked', true)).toBe(1);
});

describe('values that are chosen elsewhere', () => {
  const column = (id: string) => columns.find((each) => each.id === id)!;

  it('come and go without touching the rest', () => {
    let text = 'free  loss<20';
    text = toggleValue(text, columns, column('status'), 'running');
    expect(text).toBe('free loss<20 status:running');
    text = toggleValue(text, columns, column('status'), 'failed');
    expect(text).toBe('free loss<20 status:running,failed');
    text = toggleValue(text, columns, column('status'), 'running');
    expect(text).toBe('free loss<20 status:failed');
    expect(toggleValue(text, columns, column('status'), 'failed')).toBe('free loss<20');
  });

  it('are quoted where they have to be, and read back', () => {
    const text = toggleValue('', columns, column('device'), 'CPU, 2 threads');
    expect(find(text)).toBe('b');
    expect(toggleValue(text, columns, column('device'), 'CPU, 2 threads')).toBe('');
  });

  it('leave conditions with a minus alone', () => {
    expect(setValues('-tag:old tag:paper', columns, column('tags'), ['new'])).toBe('-tag:old tag:new');
  });
});

describe('completion', () => {
  const suggest = (text: string, caret = text.length) => complete(text, caret, columns, rows).suggestions.map((each) => each.text);

  it('knows columns by their beginnings', () => {
    expect(suggest('lo')).toEqual(['loss<']);
    expect(suggest('lr')).toEqual(['learningRate<']);
    expect(suggest('')).toContain('status:');
  });

  it('knows the values that occur, the most frequent first', () => {
    expect(suggest('tag:')).toEqual(['tag:paper', 'tag:week-1']);
    expect(suggest('status:f')).toEqual(['status:finished', 'status:failed']);
    expect(suggest('tag:paper,w')).toEqual(['tag:paper,week-1']);
    expect(suggest('yok')).toEqual(['variant:yoked']);
    expect(suggest('device:')).toEqual(['device:"CPU, 2 threads"']);
    expect(suggest('loss<')).toEqual([]);
  });

  it('replaces the word at the caret alone, and keeps its minus', () => {
    const text = 'free -tag loss<20';
    expect(complete(text, 9, columns, rows)).toMatchObject({ start: 6, end: 9, suggestions: [{ text: 'tag:' }] });
  });
});
