import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeMetricFile, type MetricFileOptions, type MetricRow } from './metric-files.ts';

let folder: string;
let to: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engram-metrics-'));
  to = join(folder, 'out', 'metrics');
});
afterEach(() => rmSync(folder, { recursive: true }));

const row = (iteration: number, values: MetricRow['values']): MetricRow => ({ iteration, episodes: 4 * iteration, values });
const rows = [row(1, { loss: 0.1 + 0.2, eta: 1e-300 }), row(2, { eta: -0 }), row(3, { loss: 1e21, extra: 5 })];
const write = async (options: Omit<MetricFileOptions, 'to'>) => {
  const result = await writeMetricFile({ to, ...options });
  expect(readdirSync(join(folder, 'out'))).toEqual(['metrics']);
  return { ...result, text: readFileSync(to, 'utf8') };
};

describe('metrics as CSV', () => {
  it('have a header, the names in the order asked for, and nothing where there is no value', async () => {
    expect(await write({ format: 'csv', names: ['loss', 'eta'], runs: [{ run: 'a', rows }] })).toEqual({
      rows: 3,
      text: 'iteration,episodes,loss,eta\r\n1,4,0.30000000000000004,1e-300\r\n2,8,,-0\r\n3,12,1e+21,\r\n',
    });
  });

  it('of several runs begin with the run', async () => {
    const runs = [
      { run: 'a', rows: rows.slice(0, 1) },
      { run: 'b', rows: [] },
      { run: 'c', rows: rows.slice(2) },
    ];
    const { text } = await write({ format: 'csv', names: ['loss'], runs });
    expect(text).toBe('run,iteration,episodes,loss\r\na,1,4,0.30000000000000004\r\nc,3,12,1e+21\r\n');
    const one = await write({ format: 'csv', names: ['loss'], runs: runs.slice(0, 1), runColumn: true });
    expect(one.text).toBe('run,iteration,episodes,loss\r\na,1,4,0.30000000000000004\r\n');
  });

  it('quote names that need it', async () => {
    const names = ['a,b', 'say "x"', 'two\nlines', 'plain'];
    const { text } = await write({ format: 'csv', names, runs: [{ run: 'r,1', rows: [row(1, { plain: 1 })] }], runColumn: true });
    expect(text).toBe('run,iteration,episodes,"a,b","say ""x""","two\nlines",plain\r\n"r,1",1,4,,,,1\r\n');
  });
});

describe('metrics as JSON Lines', () => {
  it('are one object a line, without what has no value', async () => {
    const { text } = await write({ format: 'jsonl', names: ['loss', 'eta'], runs: [{ run: 'a', rows }] });
    expect(text).toBe(
      '{"iteration":1,"episodes":4,"loss":0.30000000000000004,"eta":1e-300}\n{"iteration":2,"episodes":8,"eta":-0}\n{"iteration":3,"episodes":12,"loss":1e+21}\n',
    );
  });

  it('read back as the same numbers, whatever they are', async () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ 'a"': number, toString: number }), { maxLength: 20 }), async (all) => {
        const { text } = await write({
          format: 'jsonl',
          names: ['a"', 'toString'],
          runs: [{ run: 'ü', rows: all.map((values, index) => row(index, values)) }],
          runColumn: true,
        });
        const read = text
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line) as object);
        expect(read).toEqual(all.map((values, index) => ({ run: 'ü', iteration: index, episodes: 4 * index, ...values })));
      }),
      { numRuns: 200 },
    );
  });

  it('have no value where the number is none, or the name is one of every object', async () => {
    const { text } = await write({ format: 'jsonl', names: ['loss', 'toString'], runs: [{ run: 'a', rows: [row(1, { loss: NaN })] }] });
    expect(text).toBe('{"iteration":1,"episodes":4}\n');
  });
});

describe('a file of metrics', () => {
  function* manyRows(count: number): Generator<MetricRow> {
    for (let iteration = 1; iteration <= count; iteration++) yield row(iteration, { loss: Math.sqrt(iteration) });
  }

  it('of a million rows is written in little memory, with turns for others in between', async () => {
    const before = process.memoryUsage.rss();
    let [peak, turns, writing] = [0, 0, true];
    const others = (async () => {
      for (; writing; turns++) {
        peak = Math.max(peak, process.memoryUsage.rss());
        await turn();
      }
    })();
    const progress: number[] = [];
    const { rows: written } = await writeMetricFile({
      to,
      format: 'csv',
      names: ['loss'],
      runs: [{ run: 'a', rows: manyRows(1_000_000) }],
      onProgress: (count) => progress.push(count),
    });
    writing = false;
    await others;
    expect(written).toBe(1_000_000);
    expect(progress.at(-1)).toBe(1_000_000);
    expect(statSync(to).size).toBeGreaterThan(30e6);
    expect(turns).toBeGreaterThan(100);
    expect(peak - before).toBeLessThan(150e6);
  });

  it('also comes from rows that arrive over time', async () => {
    async function* arriving() {
      for (const each of rows) {
        await turn();
        yield each;
      }
    }
    expect((await write({ format: 'csv', names: [], runs: [{ run: 'a', rows: arriving() }] })).text).toBe(
      'iteration,episodes\r\n1,4\r\n2,8\r\n3,12\r\n',
    );
  });

  it('is not there, or the older one, when its rows fail or it is cancelled', async () => {
    function* failing() {
      yield* manyRows(50_000);
      throw new Error('no more');
    }
    const runs = [{ run: 'a', rows: failing() }];
    await expect(writeMetricFile({ to, format: 'csv', names: ['loss'], runs })).rejects.toThrow('no more');
    expect(readdirSync(join(folder, 'out'))).toEqual([]);

    writeFileSync(to, 'older');
    const cancelling = new AbortController();
    await expect(
      writeMetricFile({
        to,
        format: 'jsonl',
        names: ['loss'],
        runs: [{ run: 'a', rows: manyRows(1e9) }],
        signal: cancelling.signal,
        onProgress: () => cancelling.abort(),
      }),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(join(folder, 'out'))).toEqual(['metrics']);
    expect(readFileSync(to, 'utf8')).toBe('older');
  });

  it('is refused where a metric has the name of a column, or nothing can be written', async () => {
    await expect(writeMetricFile({ to, format: 'csv', names: ['loss', 'run'], runs: [] })).rejects.toMatchObject({
      kind: 'input',
      code: 'metric-name',
    });
    mkdirSync(to, { recursive: true });
    await expect(writeMetricFile({ to, format: 'csv', names: [], runs: [] })).rejects.toMatchObject({ code: 'export-not-writable' });
    writeFileSync(join(folder, 'file'), '');
    await expect(writeMetricFile({ to: join(folder, 'file', 'x'), format: 'csv', names: [], runs: [] })).rejects.toMatchObject({
      kind: 'input',
      code: 'export-not-writable',
    });
  });
});
