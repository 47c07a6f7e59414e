import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { download } from './download.mjs';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251));
const sha256 = createHash('sha256').update(content).digest('hex');

/** @typedef {'ranges' | 'no ranges' | 'breaks off' | 'always breaks' | 'missing' | 'too long' | 'other bytes'} Behaviour */

/** @type {string} */ let folder;
/** @type {string} */ let target;
/** @type {import('node:http').Server} */ let server;
/** @type {(string | undefined)[]} */ let rangesAsked;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'engram-download-'));
  target = path.join(folder, 'file.whl');
  rangesAsked = [];
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

/**
 * A server of one file.
 * @param {Behaviour} behaviour
 * @returns {Promise<string>} its address
 */
async function serve(behaviour) {
  server = createServer((request, response) => {
    rangesAsked.push(request.headers.range);
    const start = behaviour === 'no ranges' ? 0 : Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const body = behaviour === 'other bytes' ? Buffer.alloc(content.length) : content.subarray(start);
    if (behaviour === 'missing') return response.writeHead(404).end('nothing here');
    response.writeHead(
      start > 0 ? 206 : 200,
      start > 0 ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {},
    );
    const breaks = behaviour === 'always breaks' || (behaviour === 'breaks off' && body.length > 60_000);
    if (breaks)
      return response.write(behaviour === 'breaks off' ? body.subarray(0, 50_000) : '', () => setTimeout(() => response.destroy(), 20));
    return response.end(behaviour === 'too long' ? Buffer.concat([body, body]) : body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return `http://127.0.0.1:${address.port}/file.whl`;
}

/** @param {Behaviour} behaviour */
async function fetchFrom(behaviour) {
  /** @type {number[]} */
  const progress = [];
  const url = await serve(behaviour);
  await download({ url, target, sha256, bytes: content.length, onProgress: (received) => progress.push(received) });
  return progress;
}

test('a whole download arrives, reports progress and leaves no partial file', async () => {
  const progress = await fetchFrom('ranges');
  expect(readFileSync(target).equals(content)).toBe(true);
  expect(progress.at(-1)).toBe(content.length);
  expect(existsSync(`${target}.part`)).toBe(false);
});

test('a partial file is continued where it ends', async () => {
  writeFileSync(`${target}.part`, content.subarray(0, 123_456));
  const progress = await fetchFrom('ranges');
  expect(rangesAsked).toEqual(['bytes=123456-']);
  expect(progress[0]).toBeGreaterThan(123_456);
  expect(readFileSync(target).equals(content)).toBe(true);
});

test('a server that knows no ranges starts the file afresh', async () => {
  writeFileSync(`${target}.part`, content.subarray(0, 123_456));
  await fetchFrom('no ranges');
  expect(rangesAsked).toEqual(['bytes=123456-']);
  expect(readFileSync(target).equals(content)).toBe(true);
});

test('connections that break off are taken up again as long as something arrives', async () => {
  await fetchFrom('breaks off');
  expect(rangesAsked.length).toBeGreaterThan(3);
  expect(rangesAsked.some((range) => range !== undefined)).toBe(true);
  expect(readFileSync(target).equals(content)).toBe(true);
});

test('a server that never sends anything is given up after three tries, and the partial file stays', async () => {
  writeFileSync(`${target}.part`, content.subarray(0, 1000));
  await expect(fetchFrom('always breaks')).rejects.toThrow('the download broke off');
  expect(rangesAsked).toHaveLength(3);
  expect(readFileSync(`${target}.part`)).toHaveLength(1000);
});

test('a complete partial file needs no server', async () => {
  writeFileSync(`${target}.part`, content);
  await fetchFrom('missing');
  expect(rangesAsked).toEqual([]);
  expect(readFileSync(target).equals(content)).toBe(true);
});

test('a partial file with a wrong beginning is fetched once more from nothing', async () => {
  writeFileSync(`${target}.part`, Buffer.alloc(1000, 1));
  await fetchFrom('ranges');
  expect(rangesAsked).toEqual(['bytes=1000-', undefined]);
  expect(readFileSync(target).equals(content)).toBe(true);
});

test('other bytes than those pinned are refused and deleted', async () => {
  await expect(fetchFrom('other bytes')).rejects.toThrow('do not have the expected SHA-256');
  expect(existsSync(target)).toBe(false);
  expect(existsSync(`${target}.part`)).toBe(false);
});

test('more bytes than announced are refused', async () => {
  await expect(fetchFrom('too long')).rejects.toThrow('more than the 300000 bytes expected');
  expect(existsSync(target)).toBe(false);
});

test('a refusal is said at once, with the status', async () => {
  await expect(fetchFrom('missing')).rejects.toThrow('the server answered 404');
  expect(rangesAsked).toHaveLength(1);
});
