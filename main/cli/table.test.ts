import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../core/contract/api/runs.ts';
import { createRunSpec } from '../../core/experiments/create-run-spec.ts';
import { layOutFacts } from './facts.ts';
import { formatAgo, formatPlural, formatSpark, formatTime } from './format.ts';
import { chooseColumns, queueColumns } from './run-columns.ts';
import { layOutTable, type Column } from './table.ts';

describe('a table', () => {
  interface Row {
    readonly name: string;
    readonly size: number;
    readonly note: string;
  }
  const rows: Row[] = [
    { name: 'one', size: 5, note: 'a long note' },
    { name: 'three', size: 1200, note: '' },
  ];
  const columns: Column<Row>[] = [
    { heading: 'name', cell: ({ name }) => name },
    { heading: 'size', cell: ({ size }) => String(size), align: 'right', dispensable: 1 },
    { heading: 'note', cell: ({ note }) => note, minimum: 4, dispensable: 2 },
  ];

  it('is as wide as it gets where no width is given', () => {
    expect(layOutTable(rows, columns, undefined)).toEqual(['name   size  note', 'one       5  a long note', 'three  1200']);
  });

  it('cuts first, and leaves out what matters least when that is not enough', () => {
    expect(layOutTable(rows, columns, 18)).toEqual(['name   size  note', 'one       5  a lo…', 'three  1200']);
    expect(layOutTable(rows, columns, 16)).toEqual(['name   size', 'one       5', 'three  1200']);
    expect(layOutTable(rows, columns, 8)).toEqual(['name', 'one', 'three']);
    expect(layOutTable(rows, columns, 4)).toEqual(['name', 'one', 'thr…']);
  });
});

describe('tables of runs', () => {
  const run = (seed: number, changes: Partial<RunSummary> = {}): RunSummary => ({
    id: `20261125-1448${String(seed).padStart(2, '0')}-images-free-${seed}-abcd`,
    folder: '/lab/runs/x',
    spec: createRunSpec({ experiment: 'images', seed }),
    name: '',
    note: '',
    group: '',
    tags: [],
    protected: false,
    status: 'queued',
    reasonCode: null,
    reason: null,
    intent: null,
    queuePlace: seed,
    slot: 'cpu',
    createdAtMs: Date.now(),
    startedAtMs: null,
    heardAtMs: null,
    endedAtMs: null,
    trashedAtMs: null,
    backend: null,
    device: null,
    dataset: null,
    iteration: 0,
    episodes: 0,
    seconds: 0,
    episodesPerSecond: null,
    loss: null,
    score: null,
    peakRssBytes: null,
    sizeBytes: 0,
    spark: [],
    ...changes,
  });

  it.each([40, 60, 80, 120])('name every run in %d columns', (width) => {
    const runs = [run(1), run(2, { name: 'a name that takes its place', tags: ['a', 'b', 'c'], reason: 'a reason that is rather long' })];
    for (const columns of [queueColumns(runs), chooseColumns([], runs)]) {
      const [headings, ...lines] = layOutTable(runs, columns, width);
      expect(headings!.startsWith('status')).toBe(true);
      for (const line of [headings!, ...lines]) expect(line.length).toBeLessThanOrEqual(width);
      expect(lines.map((line) => line.split(' ').at(-1))).toEqual(['20261125-144801', '20261125-144802']);
    }
  });

  it('have columns only for what is there', () => {
    const headings = (runs: RunSummary[]) => chooseColumns([], runs).map(({ heading }) => heading);
    expect(headings([run(1)])).not.toContain('tags');
    expect(headings([run(1), run(2, { tags: ['a'] })])).toContain('tags');
  });

  it('cut ids where they differ', () => {
    const runs = [run(1), run(1, { id: '20261125-144801-images-free-1-abxy' })];
    const id = chooseColumns(['id'], runs)[0]!;
    expect(runs.map(id.cell)).toEqual(['20261125-144801-images-free-1-abc', '20261125-144801-images-free-1-abx']);
  });
});

describe('facts', () => {
  it('are wrapped at words, below each other', () => {
    const facts = [
      ['a', 'one two three'],
      ['name', 'x\ny'],
      ['path', '/a/very/long/path here'],
    ] as const;
    expect(layOutFacts(facts, undefined)).toEqual(['a     one two three', 'name  x', '      y', 'path  /a/very/long/path here']);
    expect(layOutFacts(facts, 14)).toEqual([
      ...['a     one two', '      three', 'name  x', '      y', 'path  /a/very/long/path', '      here'],
    ]);
  });
});

describe('times and courses for people', () => {
  const now = Date.UTC(2026, 10, 25, 12);
  it.each([
    [0, '0 s ago'],
    [-5000, '0 s ago'],
    [59_000, '59 s ago'],
    [3_599_000, '59 min ago'],
    [47 * 3_600_000, '47 h ago'],
    [50 * 3_600_000, '2 d ago'],
    [100 * 24 * 3_600_000, formatTime(now - 100 * 24 * 3_600_000).slice(0, 10)],
  ])('%d ms are %s', (ms, text) => expect(formatAgo(now - ms, now)).toBe(text));

  it('draws the course of numbers', () => {
    expect(formatSpark([0, 1, 2, 7], 10)).toBe('▁▂▃█');
    expect(formatSpark([3, 3, 3], 10)).toBe('▁▁▁');
    expect(formatSpark([], 10)).toBe('');
    expect(
      formatSpark(
        Array.from({ length: 1000 }, (_, index) => index),
        8,
      ),
    ).toHaveLength(8);
  });

  it('counts', () => expect([formatPlural(1, 'run'), formatPlural(1200, 'run')]).toEqual(['1 run', '1,200 runs']));
});
