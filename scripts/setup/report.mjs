// What set-up tells the user: always on stderr, so that stdout carries only what the command prints.

const megabyte = 1e6;

/** @param {string} text */
export function say(text) {
  process.stderr.write(`engram set-up: ${text}\n`);
}

/** @param {number} bytes */
export function formatBytes(bytes) {
  return bytes >= 1000 * megabyte ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / megabyte)} MB`;
}

/** @param {number} startedAtMs */
export function secondsSince(startedAtMs) {
  return `${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`;
}

/** @typedef {{update: (detail: string) => void, end: (outcome: string) => void}} Progress */

/**
 * A line that is rewritten in place on a terminal and repeated every ten seconds in a log.
 * @param {string} label
 * @returns {Progress}
 */
export function createProgress(label) {
  const live = process.stderr.isTTY;
  let lastWriteMs = 0;
  return {
    update(detail) {
      const now = Date.now();
      if (now - lastWriteMs < (live ? 200 : 10_000)) return;
      lastWriteMs = now;
      if (live) process.stderr.write(`\r\x1b[Kengram set-up: ${label}: ${detail}`);
      else say(`${label}: ${detail}`);
    },
    end(outcome) {
      if (live) process.stderr.write('\r\x1b[K');
      say(`${label}: ${outcome}`);
    },
  };
}
