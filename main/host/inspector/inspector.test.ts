/** When processes that look inside runs come and go, and what is left of them. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { linearSpec, until } from '../test-support/host-lab.ts';
import { createInspector, type Inspector } from './inspector.ts';

const trainerEntry = fileURLToPath(new URL('test-support/entry.ts', import.meta.url));
const minuteMs = 60_000;

let data: string;
let inspector: Inspector;
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'engram-inspector-'));
  inspector = await createInspector({ dataFolder: data, trainerEntry });
});
afterEach(async () => {
  vi.useRealTimers();
  rmSync(join(data, 'runs'), { recursive: true, force: true });
  await inspector.close();
  rmSync(data, { recursive: true, force: true, maxRetries: 10 });
});

const stateOf = (run: string, name: 'busy' | 'lingering') => join(data, 'runs', run, name);
const begin = (run: string, name: 'busy' | 'lingering') => {
  mkdirSync(dirname(stateOf(run, name)), { recursive: true });
  writeFileSync(stateOf(run, name), '');
};
const stop = (run: string, name: 'busy' | 'lingering') => rmSync(stateOf(run, name));

const ask = async (id: string) => {
  const run = { id, folder: join(data, 'runs', id), spec: linearSpec() };
  const { file, iteration: pid } = await inspector.ask(run, { file: '', ablation: {} }, { what: 'gallery', episodes: 1 });
  return { file, pid };
};
const folders = () => readdirSync(join(data, 'inspection'));
const isThere = (file: string) => existsSync(join(data, file));

describe('the files of a process', () => {
  it('have names that no other process gives, of this host or the next, and go with it', async () => {
    const first = await ask('a');
    inspector.leave('a');
    const second = await ask('a');
    expect(second.file).not.toBe(first.file);
    expect(readFileSync(join(data, second.file), 'utf8')).toBe(String(second.pid));
    await until(() => folders().length === 1);
    expect(isThere(second.file)).toBe(true);

    await inspector.close();
    expect(existsSync(join(data, 'inspection'))).toBe(false);
    inspector = await createInspector({ dataFolder: data, trainerEntry });
    expect([first.file, second.file]).not.toContain((await ask('a')).file);
  });

  it('stay where one that came before it ends late', async () => {
    begin('a', 'lingering');
    const first = await ask('a');
    inspector.leave('a');
    const second = await ask('a');
    expect([first, second].map(({ file }) => isThere(file))).toEqual([true, true]);
    stop('a', 'lingering');
    await until(() => !isThere(first.file));
    expect(isThere(second.file)).toBe(true);
    expect((await ask('a')).pid).toBe(second.pid);
  });
});

describe('a process', () => {
  it('makes room for another when it was used least recently, and not while it is answering', async () => {
    begin('a', 'busy');
    const busy = ask('a');
    const [b, c] = [await ask('b'), await ask('c')];
    const d = await ask('d');
    await until(() => !isThere(b.file));
    stop('a', 'busy');
    const a = await busy;
    const used = [a, c, d];
    expect(await Promise.all(['a', 'c', 'd'].map(ask))).toEqual(used);

    // Those that have just answered are used last, whenever they were asked.
    for (const run of ['a', 'c', 'd']) begin(run, 'busy');
    const answers = ['a', 'c', 'd'].map(ask);
    const e = await ask('e');
    for (const run of ['d', 'c', 'a']) {
      stop(run, 'busy');
      await answers[['a', 'c', 'd'].indexOf(run)];
    }
    expect(await Promise.all(answers)).toEqual(used);
    // Of four, one is too many as soon as somebody asks again.
    expect(await ask('a')).toEqual(a);
    await until(() => !isThere(e.file));
    expect([a, c, d].map(({ file }) => isThere(file))).toEqual([true, true, true]);
  });

  it('ends when nobody has asked for ten minutes after its last answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    begin('a', 'busy');
    const busy = ask('a');
    vi.advanceTimersByTime(30 * minuteMs);
    stop('a', 'busy');
    const { pid } = await busy;
    vi.advanceTimersByTime(9 * minuteMs);
    expect((await ask('a')).pid).toBe(pid);
    vi.advanceTimersByTime(9 * minuteMs);
    expect((await ask('a')).pid).toBe(pid);
    vi.advanceTimersByTime(11 * minuteMs);
    expect((await ask('a')).pid).not.toBe(pid);
  });
});
