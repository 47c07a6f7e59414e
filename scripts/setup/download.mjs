// A large download that survives interruptions: it continues a partial file where the server allows it and ends with the right SHA-256 or not at all.

import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { sha256OfFile } from './files.mjs';

const stallTimeoutMs = 60_000;
const fruitlessTries = 3;

/** The server gave an answer that asking again will not change. */
class RefusedError extends Error {}

/**
 * @typedef {object} DownloadRequest
 * @property {string} url
 * @property {string} target where the verified file goes; what has arrived waits beside it as `target`.part
 * @property {string} sha256
 * @property {number} bytes the size expected
 * @property {(received: number) => void} [onProgress] called with the number of bytes on disk
 */

/**
 * Fetches, verifies and places one file.
 * @param {DownloadRequest} request
 * @throws {Error} one sentence, when the bytes can't be had or have another SHA-256
 */
export async function download(request) {
  const part = `${request.target}.part`;
  mkdirSync(path.dirname(part), { recursive: true });
  const resumed = sizeOf(part) > 0;
  if (!(await fetchAndVerify(request, part))) {
    // The beginning may stem from another file or from a torn write: one more try from nothing settles it.
    if (!resumed || !(await fetchAndVerify(request, part))) {
      throw new Error(`the bytes that arrived do not have the expected SHA-256 (${request.sha256.slice(0, 12)}…) and were deleted`);
    }
  }
  renameSync(part, request.target);
}

/**
 * Completes the partial file; deletes it and answers false when its content is wrong.
 * @param {DownloadRequest} request
 * @param {string} part
 */
async function fetchAndVerify(request, part) {
  let fruitless = 0;
  while (sizeOf(part) < request.bytes) {
    const before = sizeOf(part);
    try {
      await fetchRest(request, part);
    } catch (error) {
      if (error instanceof RefusedError || isDiskFull(error)) throw error;
      fruitless = sizeOf(part) > before ? 0 : fruitless + 1;
      if (fruitless >= fruitlessTries) throw new Error(`the download broke off (${describe(error)})`, { cause: error });
    }
  }
  if (sizeOf(part) === request.bytes && (await sha256OfFile(part)) === request.sha256) return true;
  rmSync(part, { force: true });
  return false;
}

/**
 * One request for what is missing, appended to the partial file; a server that ignores ranges starts it afresh.
 * @param {DownloadRequest} request
 * @param {string} part
 */
async function fetchRest({ url, bytes, onProgress }, part) {
  const have = sizeOf(part);
  const stall = createStallTimer();
  try {
    const response = await fetch(url, { headers: have > 0 ? { range: `bytes=${have}-` } : {}, signal: stall.signal });
    if (!response.ok || response.body === null) {
      throw new RefusedError(`the server answered ${response.status} ${response.statusText}`.trim());
    }
    const appends = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${have}-`) === true;
    let received = appends ? have : 0;
    const file = await open(part, appends ? 'a' : 'w');
    try {
      for await (const chunk of /** @type {AsyncIterable<Uint8Array>} */ (response.body)) {
        stall.restart();
        received += chunk.length;
        if (received > bytes) throw new RefusedError(`the server sent more than the ${bytes} bytes expected`);
        await file.appendFile(chunk);
        onProgress?.(received);
      }
    } finally {
      await file.close();
    }
    if (received < bytes) throw new Error(`the server closed after ${received} of ${bytes} bytes`);
  } finally {
    stall.stop();
  }
}

/** Aborts a transfer in which nothing has moved for a minute. */
function createStallTimer() {
  const controller = new AbortController();
  const abort = () => controller.abort(new Error(`nothing arrived for ${stallTimeoutMs / 1000} s`));
  let timer = setTimeout(abort, stallTimeoutMs);
  return {
    signal: controller.signal,
    restart() {
      clearTimeout(timer);
      timer = setTimeout(abort, stallTimeoutMs);
    },
    stop: () => clearTimeout(timer),
  };
}

/** @param {string} file */
function sizeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** @param {unknown} error */
function isDiskFull(error) {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC';
}

/** @param {unknown} error */
function describe(error) {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
