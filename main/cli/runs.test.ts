import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunDetails, RunGroup, RunSummary } from '../../core/contract/api/runs.ts';
import { createLab, parseEvents, type Lab } from '../trainer/test-support/lab.ts';
import { speakTo, type Speech } from './test-support/speak.ts';

let lab: Lab;
let say: Speech;
/** Ids of runs with seeds 1, 2 and 3, in this order. */
let ids: string[];

beforeAll(async () => {
  lab = createLab();
  say = speakTo(lab);
  const spec = ['--episodes', '25', '--batch', '5', '--set', 'learningRate=0.01'];
  const about = ['--group', 'sweep', '--tag', 'a,b', '--name', 'first try'];
  const { stdout } = await lab.run(['train', 'images', ...spec, '--seeds', '1..3', ...about, '--json']);
  ids = parseEvents(stdout).flatMap(({ event, run }) => (event === 'done' ? [String(run)] : []));
  expect(ids).toHaveLength(3);
});
afterAll(() => lab.remove());

describe('runs', () => {
  const list = async (...args: string[]) => (await say.json<RunSummary[]>('runs', ...args)).map(({ spec }) => spec.seed);

  it('lists them, newest first', async () => {
    expect(await say.json<RunSummary[]>('runs')).toMatchObject(
      [3, 2, 1].map((seed) => ({
        id: ids[seed - 1],
        status: 'finished',
        spec: { seed },
        group: 'sweep',
        tags: ['a', 'b'],
        name: 'first try',
      })),
    );
    const [headings, ...rows] = (await say.text('runs')).trimEnd().split('\n');
    expect(headings!.split(/ {2,}/)).toEqual([
      'status',
      'experiment',
      'seed',
      'episodes',
      'score',
      'loss',
      'episodes/s',
      'started',
      'took',
      'size',
      'name',
      'group',
      'tags',
      'id',
    ]);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatch(/^finished {2}images · free +3 +25\/25 .* first try +sweep +a b +/);
    // The ids are cut where they differ, and what is left of them names them.
    for (const row of rows) expect(ids).toContain((await say.json<RunDetails>('show', row.split(' ').at(-1)!)).id);
  });

  it('filters', async () => {
    expect(await list('--seed', '2..9')).toEqual([3, 2]);
    expect(
      await list('--status', 'finished,failed', '--tag', 'b', '--group', 'sweep', '--experiment', 'images', '--variant', 'free'),
    ).toEqual([3, 2, 1]);
    expect(await list('--status', 'failed')).toEqual([]);
    expect(await list('--tag', 'c')).toEqual([]);
    expect(await list('first', 'swe')).toEqual([3, 2, 1]);
    expect(await list('--where', 'learningRate>=0.01', '--where', 'episodes<26')).toEqual([3, 2, 1]);
    expect(await list('--where', 'loss<0')).toEqual([]);
    expect(await list('--limit', '1')).toEqual([3]);
    expect((await say.text('runs', '--status', 'failed')).trimEnd()).toBe('there is no such run');
    expect((await lab.run(['runs', '--limit', '1'])).stderr).toBe('1 of 3 runs; --limit shows more\n');
  });

  it('sorts, and shows the columns that are asked for', async () => {
    const losses = (await say.json<RunSummary[]>('runs', '--sort', '-loss')).map(({ loss }) => loss!);
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    expect(await list('--sort', 'seed')).toEqual([1, 2, 3]);
    const [headings, row] = (await say.text('runs', '--columns', 'id,learningRate,status', '--sort', 'seed')).split('\n');
    expect(headings!.split(/ {2,}/)).toEqual(['id', 'learningRate', 'status']);
    expect(row!.split(/ {2,}/)).toEqual([expect.stringMatching(/^\d{8}-\d{6}/), '0.01', 'finished']);
  });

  it('knows the score by its name of before, too', async () => {
    const scores = (await say.json<RunSummary[]>('runs', '--sort', '-score')).map(({ score }) => score!);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(await list('--sort', '-error')).toEqual(await list('--sort', '-score'));
    const condition = `<=${scores[1]}`;
    expect(await list('--where', `score${condition}`)).toHaveLength(2);
    expect(await list('--where', `error${condition}`)).toEqual(await list('--where', `score${condition}`));
    expect(await list('--where', `score>=${99.999 * scores[0]!}%`)).toHaveLength(1);
    expect(await say.text('runs', '--columns', 'seed,error')).toBe(await say.text('runs', '--columns', 'seed,score'));
  });

  it('shows groups of what differs in nothing but the seed', async () => {
    const groups = await say.json<RunGroup[]>('runs', '--group-by', 'seeds');
    expect(groups).toMatchObject([{ seeds: [1, 2, 3], statuses: { finished: 3 }, loss: { n: 3 } }]);
    const table = await say.text('runs', '--group-by', 'variant,learningRate');
    expect(table).toMatch(/^variant +learningRate +runs +seeds +score \(quartiles\)/);
    expect(table).toMatch(/\nfree +0\.01 +3 +1\.\.3 +\S+ \(\S+ – \S+\) .*3 finished\n$/);
    expect(await say.text('runs', 'nothing', '--group-by', 'seeds')).toBe('there is no such run\n');
  });
});

describe('show', () => {
  it('tells all of a run', async () => {
    const [run] = lab.runs().filter(({ id }) => id === ids[2]);
    const details = await say.json<RunDetails>('show', ids[2]!);
    expect(details).toMatchObject({ id: ids[2], folder: run!.folder, status: 'finished', iteration: 5, episodes: 25, attempts: 1 });
    expect(await say.json('show')).toEqual(details);
    expect(await say.json('show', run!.folder)).toEqual(details);
    const text = await say.text('show', ids[2]!);
    expect(text).toContain(`run       ${ids[2]}  "first try"\n`);
    for (const line of [
      'state     finished',
      'progress  25/25 episodes · iteration 5',
      'tags      a b',
      'group     sweep',
      `folder    ${run!.folder}`,
    ])
      expect(text).toContain(line);
    expect(text).toMatch(/\ncheckpoints\n {2}iteration .*\n {2} +5 {2}full/);
  });

  it('names the nearest run, or those that are meant', async () => {
    expect(await say.refused('show', ids[0]!.replace('images', 'imges'))).toEqual({
      code: 'unknown-run',
      message: expect.stringContaining('did you mean'),
    });
    expect(await say.refused('show', ids[0]!.slice(0, 4))).toMatchObject({
      code: 'ambiguous-run',
      message: expect.stringContaining(ids[0]!),
    });
    expect(await say.refused('show', '')).toMatchObject({ code: 'unknown-run', message: expect.stringContaining('an empty word') });
  });

  it('does not take the run folder of another lab', async () => {
    const other = createLab();
    try {
      const { code, message } = await speakTo(other).refused('show', lab.runs()[0]!.folder);
      expect([code, message]).toEqual(['unknown-run', expect.stringContaining('does not belong to the lab in')]);
    } finally {
      await other.remove();
    }
  });
});

describe('metrics and log', () => {
  it('prints a metric by iteration', async () => {
    const values = await say.json<{ iteration: number; value: number }[]>('metrics', 'last', 'loss');
    expect(values.map(({ iteration }) => iteration)).toEqual([1, 2, 3, 4, 5]);
    expect(values.every(({ value }) => value > 0)).toBe(true);
    expect(await say.json('metrics', 'last', 'loss', '--from', '2', '--to', '3')).toEqual(values.slice(1, 3));
    expect(await say.json('metrics', 'last', 'loss', '--last', '2')).toEqual(values.slice(3));
    expect(await say.json('metrics', 'last', 'loss', 'batch', '--last', '1')).toEqual([{ iteration: 5, loss: values[4]!.value, batch: 5 }]);
    const { stdout, stderr } = await lab.run(['metrics', 'last', 'loss', 'batch', '--last', '2']);
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^iteration +loss +batch$/),
      expect.stringMatching(/^ +4 +\S+ +5$/),
      expect.stringMatching(/^ +5 +\S+ +5$/),
    ]);
    expect(stderr).toBe('the last 2 of 5; --from 0 shows all\n');
    expect(await say.text('metrics', 'last', 'loss', '--from', '100')).toBe('no iteration of the run is in that range\n');
  });

  it('says which there are', async () => {
    expect(await say.json('metrics', 'last')).toEqual(expect.arrayContaining(['loss', 'relativeError', 'learningRate']));
    expect(await say.text('metrics', 'last')).toMatch(/^metric +at iteration 5\n/);
    expect(await say.refused('metrics', 'last', 'los')).toEqual({
      code: 'unknown-metric',
      message: 'the run has no metric "los": did you mean "loss"?',
    });
  });

  it('prints the end of what the trainer printed', async () => {
    expect(await say.json('log', 'last')).toEqual([]);
    expect(await say.text('log', 'last')).toContain('its trainer has printed nothing');
  });
});

describe('what people say of a run', () => {
  it('is changed, shown and taken away', async () => {
    const [, run = ''] = ids;
    expect(await say.json('tag', run, 'c,d', '--remove', 'a')).toMatchObject({ id: run, tags: ['b', 'c', 'd'] });
    expect(await say.text('tag', run)).toBe(`${run}: tags: b c d\n`);
    expect(await say.json('note', run, 'two\nlines')).toMatchObject({ note: 'two\nlines' });
    expect(await say.text('note', run)).toBe(`${run}: note: two\nlines\n`);
    expect(await say.text('name', run, 'second')).toBe(`${run}: name: second\n`);
    expect(await say.text('name', run, '')).toBe(`${run}: name: none\n`);
    expect(await say.text('group', run, 'others')).toBe(`${run}: group: others\n`);
    expect(await say.json('show', run)).toMatchObject({ tags: ['b', 'c', 'd'], note: 'two\nlines', name: '', group: 'others' });
    expect(await say.refused('tag', run, 'a b')).toMatchObject({ code: 'tag-invalid', message: expect.stringContaining('"a b"') });
    expect(await say.refused('note', run, 'x'.repeat(100_001))).toMatchObject({ code: 'text-too-long' });
  });
});

describe('the trash', () => {
  it('comes before the end, and protected runs do not go there', async () => {
    const [run = ''] = ids;
    expect(await say.text('protect', run)).toBe(`${run}: protected\n`);
    expect(await say.refused('rm', run)).toMatchObject({ code: 'run-protected' });
    expect(await say.json('protect', run, '--off')).toMatchObject({ protected: false });
    expect(await say.refused('purge', run)).toMatchObject({ code: 'run-state', message: expect.stringContaining('is not in the trash') });
    expect(await say.refused('restore', run)).toMatchObject({ code: 'run-state' });

    const text = await say.text('rm', run);
    expect(text).toContain(`${run} is in the trash\n`);
    for (const command of ['restore', 'purge']) expect(text).toContain(`npm start -- ${command} ${run}`);
    expect(await say.json('runs', '--trash')).toMatchObject([{ id: run }]);
    expect(await say.json('runs')).toHaveLength(2);
    expect(await say.refused('clone', run)).toMatchObject({
      code: 'run-state',
      message: expect.stringContaining('restored or purged, not cloned'),
    });
    expect(await say.json('restore', run)).toMatchObject([{ id: run, trashedAtMs: null }]);

    await say.json('rm', run);
    expect(await say.refused('purge')).toMatchObject({
      code: 'confirmation-missing',
      message: expect.stringContaining('the trash holds 1 run'),
    });
    const { purged, freedBytes } = await say.json<{ purged: string[]; freedBytes: number }>('purge', '--all', '--yes');
    expect(purged).toEqual([run]);
    expect(freedBytes).toBeGreaterThan(1000);
    expect(lab.runs().map(({ id }) => id)).not.toContain(run);
    expect(await say.text('runs', '--trash')).toBe('the trash is empty\n');
    expect(await say.text('purge', '--all', '--yes')).toBe('deleted 0 runs, 0 kB freed\n');
  });
});
