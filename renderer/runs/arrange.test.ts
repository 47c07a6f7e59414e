import { describe, expect, it } from 'vitest';
import { arrange, prepare, sortRows, type SortKey } from './arrange.ts';
import { createColumns } from './columns.ts';
import { scaleSpreads } from './table-geometry.ts';
import { aRecipe, aRow } from './test-support/rows.ts';

const columns = createColumns(new Map());
const other = aRecipe({ variant: 'yoked', parameters: { learningRate: 2e-4, rule: 'hebb' } });
const rows = [
  aRow('a', { createdAtMs: 1, seed: 1, loss: 3, tags: ['x'] }),
  aRow('b', { createdAtMs: 2, seed: 2, loss: null, status: 'running' }),
  aRow('c', { createdAtMs: 3, seed: 1, loss: 1, recipe: other, tags: ['x', 'y'] }),
  aRow('d', { createdAtMs: 4, seed: 2, loss: 3, recipe: other }),
].reverse();
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).join('');
const sorted = (...sort: SortKey[]) => ids(sortRows(rows, sort, columns));

describe('sorting', () => {
  it('leaves the newest first', () => expect(sorted()).toBe('dcba'));

  it('has what has no value last, whichever way', () => {
    expect(sorted({ by: 'loss', descending: false })).toBe('cdab');
    expect(sorted({ by: 'loss', descending: true })).toBe('dacb');
  });

  it('goes by several columns', () => {
    expect(sorted({ by: 'loss', descending: true }, { by: 'seed', descending: false })).toBe('adcb');
    expect(sorted({ by: 'seed', descending: true }, { by: 'loss', descending: false })).toBe('dbca');
  });

  it('has live runs before others by status', () => expect(sorted({ by: 'status', descending: false })[0]).toBe('b'));
  it('does not mind a column that is not there', () => expect(sorted({ by: 'nothing', descending: false })).toBe('dcba'));
});

describe('grouping', () => {
  const wish = { matches: () => true, sort: [], columns };
  const group = (groupBy: string, sort: readonly SortKey[] = []) => prepare(rows, { ...wish, sort, groupBy });

  it('puts together what differs in nothing but the seed, and says what sets groups apart', () => {
    const { groups } = group('all-but-seed');
    expect(groups!.map(({ title, differences, rows: own }) => [title, differences, ids(own)])).toEqual([
      ['images · yoked', 'learning rate 0.0002', 'dc'],
      ['images · free', 'learning rate 0.0001', 'ba'],
    ]);
    expect(groups![0]!.spreads.get('loss')).toEqual({ median: 2, lower: 1.5, upper: 2.5, n: 2 });
    expect(groups![1]!.spreads.get('loss')).toEqual({ median: 3, lower: 3, upper: 3, n: 1 });
  });

  it('tells groups apart within their experiment, and has no median of results of several', () => {
    const binary = [1e-3, 3e-4].map((learningRate) => aRecipe({ experiment: 'binary', parameters: { learningRate, bits: 50 } }));
    const mixed = [
      ...rows,
      ...binary.map((recipe, index) => aRow(`e${index}`, { recipe, loss: 0.5, score: 0.25, tags: ['y'], episodesPerSecond: 3 })),
    ];
    const { groups } = prepare(mixed, { ...wish, groupBy: 'all-but-seed' });
    expect(groups!.map(({ title, differences }) => [title, differences])).toEqual([
      ['images · yoked', 'learning rate 0.0002'],
      ['images · free', 'learning rate 0.0001'],
      ['binary · free', 'learning rate 0.001'],
      ['binary · free', 'learning rate 0.0003'],
    ]);
    const byTag = prepare(mixed, { ...wish, groupBy: 'tags' }).groups!.find(({ title }) => title === 'y')!;
    expect(ids(byTag.rows)).toBe('ce0e1');
    expect([...byTag.spreads.keys()]).toEqual(['speed', 'episodes']);
    const byExperiment = prepare(mixed, { ...wish, groupBy: 'experiment' }).groups!;
    expect(byExperiment.map(({ spreads }) => spreads.get('score')?.n)).toEqual([undefined, 2]);
    const scales = scaleSpreads(byExperiment);
    expect([scales.get('loss of images'), scales.get('loss of binary')]).toEqual([
      [2, 3],
      [0.5, 0.5],
    ]);
  });

  it('orders groups by the median of what is sorted by', () => {
    expect(group('all-but-seed', [{ by: 'loss', descending: true }]).groups!.map(({ title }) => title)).toEqual([
      'images · free',
      'images · yoked',
    ]);
  });

  it('has a run under each of its tags', () => {
    expect(group('tags').groups!.map(({ title, rows: own }) => [title, ids(own)])).toEqual([
      ['no tags', 'db'],
      ['x', 'ca'],
      ['y', 'c'],
    ]);
  });

  it('shows the members of open groups only, each line by a name of its own', () => {
    const prepared = group('tags');
    const closed = arrange(prepared, new Set());
    expect(closed.items.map(({ kind }) => kind)).toEqual(['group', 'group', 'group']);
    expect(ids(closed.rows)).toBe('dcba');
    const open = arrange(prepared, new Set(prepared.groups!.map(({ id }) => id)));
    expect(open.items).toHaveLength(8);
    expect(new Set(open.items.map(({ key }) => key)).size).toBe(8);
  });

  it('gives the same group the same name again', () => {
    expect(group('all-but-seed').groups!.map(({ id }) => id)).toEqual(group('all-but-seed').groups!.map(({ id }) => id));
  });
});
