import { fork } from 'node:child_process';
import { chmodSync, chownSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readJson } from './setup/files.mjs';
import { makeSetUpRoot } from '../main/host/test-support/set-up-root.ts';

const isMeant = process.platform === 'linux' && process.arch === 'x64';
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

/** @type {import('../main/host/test-support/set-up-root.ts').SetUpRoot} */ let root;
beforeEach(() => {
  root = makeSetUpRoot();
});
afterEach(() => {
  chmodSync(packageFolder(), 0o755);
  root.remove();
});
const packageFolder = () => path.resolve(root.binding, '../../..');

/**
 * The last thing that the script says.
 * @param {'look' | 'bring'} order
 * @param {{env?: NodeJS.ProcessEnv, asNobody?: boolean}} options
 * @returns {Promise<unknown>}
 */
function ask(order, { env = {}, asNobody = false } = {}) {
  return new Promise((resolve) => {
    /** @type {unknown} */ let last;
    const child = fork(root.script, [order], {
      env: { ...process.env, ENGRAM_CACHE: root.cache, ENGRAM_TENSORFLOW: 'cpu', ...env },
      execArgv: [],
      detached: true,
      ...(asNobody && isRoot ? { uid: nobody, gid: nobody } : {}),
    });
    child.on('message', (message) => (last = message));
    child.once('close', () => resolve(last));
  });
}

/**
 * @param {string} reason
 * @param {string} remedy
 */
const refusal = (reason, remedy) => ({ error: { reason: expect.stringContaining(reason), remedy: expect.stringContaining(remedy) } });

describe.skipIf(!isMeant)('the TensorFlow runtime is refused, with a way out,', () => {
  test('where it is not wanted', async () => {
    expect(await ask('bring', { env: { ENGRAM_SKIP_TENSORFLOW: '1' } })).toEqual(
      refusal('ENGRAM_SKIP_TENSORFLOW=1', 'the other backends serve'),
    );
    expect(await ask('look', { env: { ENGRAM_SKIP_TENSORFLOW: '1' } })).toMatchObject({ plan: { variant: null, downloadBytes: 0 } });
  });

  test('where Engram’s packages are others than those that it was made for', async () => {
    writeFileSync(path.join(root.folder, 'package-lock.json'), '{"packages":{}}');
    expect(await ask('bring')).toEqual(refusal('not those that it was made for', 'npm start'));
  });

  test('to whoever has no right to change the packages, before anything is fetched', async () => {
    chmodSync(root.folder, 0o755);
    if (isRoot) chownSync(root.cache, nobody, nobody);
    else chmodSync(packageFolder(), 0o555);
    expect(await ask('bring', { asNobody: true })).toEqual(refusal('no right to change Engram’s packages', 'whoever installed Engram'));
    expect(existsSync(path.join(root.cache, 'downloads'))).toBe(false);
  });

  test('where the cache can be no folder', async () => {
    writeFileSync(path.join(root.folder, 'file'), '');
    const answer = await ask('bring', { env: { ENGRAM_CACHE: path.join(root.folder, 'file', 'cache') } });
    expect(answer).toEqual(refusal('the cache folder can’t be used', 'ENGRAM_CACHE'));
    const state = readJson(path.join(root.folder, 'node_modules/.engram/setup.json'));
    expect(state).toMatchObject({ tensorflow: { state: 'absent' } });
  });
});
