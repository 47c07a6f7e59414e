import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunQuery } from '../../../core/contract/api/runs.ts';
import { changeRun, groupRuns, listRuns, type RunRow } from './runs.ts';
import { spreadOf } from './spread.ts';
import { aSpec, createStoreLab, type StoreLab } from './test-support/store-lab.ts';

let lab: StoreLab;
let all: RunRow[];
beforeAll(() => {
  lab = createStoreLab();
  const add = (id: string, run: Parameters<StoreLab['addRun']>[1], changes: Parameters<typeof changeRun>[2] = {}) => {
    lab.addRun(id, run);
    changeRun(lab.stores.lab, id, changes);
  };
  const spec = (seed: number, more: Parameters<typeof aSpec>[0] = {}) => aSpec({ seed, ...more });
  add(
    'a',
    { spec: spec(1), createdAtMs: 1, status: 'finished', tags: ['base', 'good'], group: 'g1' },
    { loss: 10, backend: 'wasm', device: 'CPU, 1 thread' },
  );
  add(
    'b',
    { spec: spec(2), createdAtMs: 2, status: 'finished', tags: ['base'], group: 'g1', name: '100 % free_run' },
    { loss: 20, datasetSha256: 'd1' },
  );
  add('c', { spec: spec(3), createdAtMs: 3, status: 'running', name: 'it\'s "quoted"' }, { loss: null, iteration: 5 });
  add(
    'd',
    { spec: spec(1, { variant: 'yoked' }), createdAtMs: 4, status: 'failed', note: 'Die STRAßE nach Łódź' },
    { loss: 30, sizeBytes: 100 },
  );
  add(
    'e',
    { spec: spec(4, { batch: 8 }), createdAtMs: 4, status: 'queued', queuePlace: 1, name: 'Ängström Cafe\u0301' },
    { loss: 10, episodesPerSecond: 3 },
  );
  add('f', { spec: spec(5, { settings: { learningRate: 0.5 } }), createdAtMs: 6, status: 'stopped', note: 'back\\slash' }, { loss: 15 });
  add('t', { spec: spec(6), createdAtMs: 7, status: 'finished', tags: ['base'] }, { loss: 1, trashedAtMs: 9 });
  all = listRuns(lab.stores.lab, {}).runs;
});
afterAll(() => lab.remove());

const list = (query: RunQuery) => listRuns(lab.stores.lab, query).runs.map(({ id }) => id);
const find = (query: RunQuery) => list(query).sort().join('');

describe('a list of runs', () => {
  it('has all that are not in the trash, newest first', () => {
    expect(list({})).toEqual(['f', 'e', 'd', 'c', 'b', 'a']);
    expect(list({ trashed: true })).toEqual(['t']);
    expect(list({ trashed: false })).toEqual(list({}));
    expect(all.find(({ id }) => id === 'a')!.tags).toEqual(['base', 'good']);
  });

  it.each<[string, RunQuery]>([
    ['ab', { status: ['finished'] }],
    ['abe', { status: ['finished', 'queued'] }],
    ['', { status: [] }],
    ['abcdef', { experiment: ['images'] }],
    ['', { experiment: ['other'] }],
    ['d', { variant: ['yoked'] }],
    ['abd', { seeds: { from: 1, to: 2 } }],
    ['ab', { tags: ['base'] }],
    ['ab', { tags: ['good', 'base'] }],
    ['', { tags: ['goo'] }],
    ['ab', { group: 'g1' }],
    ['cdef', { group: '' }],
    ['b', { datasetSha256: 'd1' }],
    ['ae', { numbers: [{ column: 'loss', is: '=', value: 10 }] }],
    ['aef', { numbers: [{ column: 'loss', is: '<', value: 20 }] }],
    ['abef', { numbers: [{ column: 'loss', is: '<=', value: 20 }] }],
    [
      'bf',
      {
        numbers: [
          { column: 'loss', is: '>', value: 10 },
          { column: 'loss', is: '<=', value: 20 },
        ],
      },
    ],
    ['bd', { numbers: [{ column: 'loss', is: '>=', value: 20 }] }],
    ['f', { numbers: [{ column: 'parameter:learningRate', is: '>', value: 0.01 }] }],
    ['', { numbers: [{ column: 'parameter:rule', is: '>', value: 0 }] }],
    ['e', { numbers: [{ column: 'batch', is: '=', value: 8 }] }],
    ['a', { status: ['finished'], tags: ['base'], numbers: [{ column: 'loss', is: '<', value: 15 }], text: 'wasm' }],
  ])('has %s for %j', (ids, query) => {
    expect(find(query)).toBe(ids);
    expect(listRuns(lab.stores.lab, query).total).toBe(ids.length);
  });

  it.each([
    ['b', '%'],
    ['b', '_'],
    ['b', '100 %'],
    ['b', '% 100'],
    ['', '%%'],
    ['c', "'"],
    ['c', '"quoted"'],
    ['', "' OR 1=1 --"],
    ['f', '\\'],
    ['f', 'BACK\\SLASH'],
    ['d', 'straße'],
    ['d', 'STRASSE'],
    ['d', 'łódź'],
    ['e', 'ängström'],
    ['e', 'a\u0308NGSTRO\u0308M CAFÉ'],
    ['ab', 'g1'],
    ['a', 'good 1 thread'],
    ['a', 'GOOD'],
    ['d', 'yoked'],
    ['abcdef', '   '],
    ['abcdef', ''],
    ['', 'word-that-is-nowhere'],
    ['', '\u0000'],
  ])('has %s for the words %j', (ids, text) => {
    expect(find({ text })).toBe(ids);
  });

  it('is sorted by what is asked for, and what has no value comes last', () => {
    const sort = (...by: [string, boolean][]) => list({ sort: by.map(([name, descending]) => ({ by: name, descending })) }).join('');
    expect(sort(['loss', false])).toBe('eafbdc');
    expect(sort(['loss', true])).toBe('dbfeac');
    expect(sort(['loss', false], ['seed', false])).toBe('aefbdc');
    expect(sort(['id', false])).toBe('abcdef');
    expect(sort(['createdAt', false])).toBe('abcedf');
    expect(sort(['status', false], ['id', false])).toBe('dabecf');
    expect(sort(['parameter:learningRate', true])).toBe('fedcba');
    expect(sort(['group', true], ['name', true])).toBe('baecfd');
  });

  it('comes in pages, with the number of all', () => {
    expect(list({ limit: 2 })).toEqual(['f', 'e']);
    expect(list({ limit: 2, offset: 1 })).toEqual(['e', 'd']);
    expect(list({ offset: 5 })).toEqual(['a']);
    for (const query of [{ limit: 2 }, { limit: 6 }, { offset: 5 }, { offset: 50 }]) expect(listRuns(lab.stores.lab, query).total).toBe(6);
  });

  it('refuses columns that there are not, with the nearest name', () => {
    const refuses = (query: RunQuery, message: string) =>
      expect(() => list(query)).toThrow(
        expect.objectContaining({ kind: 'input', code: 'unknown-column', message: expect.stringContaining(message) }),
      );
    refuses({ sort: [{ by: 'losses', descending: false }] }, 'no column "losses": did you mean "loss"?');
    refuses({ sort: [{ by: 'loss; DROP TABLE runs', descending: false }] }, 'no column "loss; DROP TABLE runs"');
    refuses({ sort: [{ by: 'parameter:learnrate', descending: false }] }, 'no parameter "learnrate": did you mean "learningRate"?');
    refuses({ numbers: [{ column: 'name', is: '<', value: 1 }] }, 'the column "name" holds no numbers');
    refuses({ numbers: [{ column: "parameter:x') OR 1=1 --", is: '<', value: 1 }] }, 'no parameter');
  });

  it('agrees with the plain computation for any query', () => {
    const statuses = ['finished', 'running', 'failed', 'queued'] as const;
    const aQuery = fc.record(
      {
        status: fc.subarray([...statuses]),
        seeds: fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })).map(([from, to]) => ({ from, to })),
        tags: fc.subarray(['base', 'good', 'none']),
        loss: fc.integer({ min: 5, max: 35 }),
        text: fc.constantFrom('g1', 'base', 'a', 'images'),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(aQuery, ({ loss, ...query }) => {
        const expected = all.filter(
          (run) =>
            (query.status?.includes(run.status as 'failed') ?? true) &&
            (query.seeds === undefined || (run.spec.seed >= query.seeds.from && run.spec.seed <= query.seeds.to)) &&
            (query.tags?.some((tag) => run.tags.includes(tag)) ?? true) &&
            (loss === undefined || (run.loss !== null && run.loss < loss)) &&
            (query.text === undefined || textOf(run).includes(query.text)),
        );
        const numbers = loss === undefined ? {} : { numbers: [{ column: 'loss', is: '<' as const, value: loss }] };
        expect(list({ ...query, ...numbers })).toEqual(expected.map(({ id }) => id));
      }),
      { numRuns: 200 },
    );
  });
});

function textOf({ id, name, note, runGroup, spec, backend, device, tags }: RunRow): string {
  return [id, name, note, runGroup, spec.experiment, spec.variant, backend, device, ...tags].join(' ').toLowerCase();
}

describe('runs in groups', () => {
  it('are those that differ in nothing but the seed', () => {
    const groups = groupRuns(lab.stores.lab, {}, 'all-but-seed');
    expect(groups.map(({ ids }) => ids.join(''))).toEqual(['abc', 'd', 'e', 'f']);
    const [first] = groups;
    expect(first).toMatchObject({
      ...{ seeds: [1, 2, 3], statuses: { finished: 2, running: 1 }, sizeBytes: 0, score: null, episodesPerSecond: null },
      ...{ loss: spreadOf([10, 20]), key: { variant: 'free', batch: 1, 'parameter:learningRate': expect.any(Number) } },
    });
    expect(first!.key).not.toHaveProperty('seed');
  });

  it('are those that are alike in the named columns', () => {
    const groups = groupRuns(lab.stores.lab, { sort: [{ by: 'loss', descending: true }], limit: 1 }, ['status', 'group']);
    expect(groups.map(({ key, ids }) => [key, ids.join('')])).toEqual([
      [{ status: 'finished', group: 'g1' }, 'ab'],
      [{ status: 'running', group: '' }, 'c'],
      [{ status: 'failed', group: '' }, 'd'],
      [{ status: 'queued', group: '' }, 'e'],
      [{ status: 'stopped', group: '' }, 'f'],
    ]);
    expect(groupRuns(lab.stores.lab, {}, ['parameter:learningRate']).map(({ ids }) => ids.length)).toEqual([5, 1]);
  });

  it('have no median of results that stand for different things', () => {
    const mixed = createStoreLab();
    try {
      for (const [id, experiment] of [
        ['a', 'images'],
        ['b', 'binary'],
        ['c', 'binary'],
      ] as const) {
        mixed.addRun(id, { spec: aSpec({ experiment }), createdAtMs: 1, status: 'finished' });
        changeRun(mixed.stores.lab, id, { loss: 4, score: 0.5 });
      }
      const spread = spreadOf([0.5, 0.5]);
      expect(groupRuns(mixed.stores.lab, {}, ['experiment'])).toMatchObject([
        { experiment: 'binary', score: spread, loss: { median: 4 } },
        { experiment: 'images', score: { n: 1 } },
      ]);
      expect(groupRuns(mixed.stores.lab, {}, ['variant'])).toMatchObject([{ experiment: null, score: null, loss: null }]);
    } finally {
      mixed.remove();
    }
  });

  it('are made of the matching runs only, and refuse unknown columns', () => {
    expect(groupRuns(lab.stores.lab, { tags: ['good'] }, 'all-but-seed').map(({ ids }) => ids)).toEqual([['a']]);
    expect(groupRuns(lab.stores.lab, { tags: ['nowhere'] }, 'all-but-seed')).toEqual([]);
    expect(() => groupRuns(lab.stores.lab, {}, ['colour'])).toThrow(expect.objectContaining({ code: 'unknown-column' }));
  });
});
