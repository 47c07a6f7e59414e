// What set-up tells whoever started it: on stderr, so that stdout carries only what the command prints, or to a listener such as the window's host.

const megabyte = 1e6;

/**
 * @typedef {object} Listener hears what would else be printed
 * @property {(line: string) => void} line what has been done, or was found
 * @property {(text: string, done: number, total: number) => void} progress of what is being done; a `total` of 0 where nobody knows
 */

/** @type {Listener | null} */
let listener = null;

/** @param {Listener} heard gets everything from now on, and nothing is printed */
export function reportTo(heard) {
  listener = heard;
}

/** @param {string} text */
export function say(text) {
  if (listener === null) process.stderr.write(`engram set-up: ${text}\n`);
  else listener.line(text);
}

/** @param {number} bytes */
export function formatBytes(bytes) {
  return bytes >= 1000 * megabyte ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / megabyte)} MB`;
}

/** @param {number} startedAtMs */
export function secondsSince(startedAtMs) {
  return `${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`;
}

/** @typedef {{update: (detail: string, done?: number) => void, end: (outcome: string) => void}} Progress */

/**
 * A line that is rewritten in place on a terminal and repeated every ten seconds in a log.
 * @param {string} label
 * @param {{before: number, total: number}} whole of which this is a part: what is done already, and all that is to do
 * @returns {Progress}
 */
export function createProgress(label, { before, total } = { before: 0, total: 0 }) {
  const live = process.stderr.isTTY;
  let lastWriteMs = 0;
  return {
    update(detail, done = 0) {
      if (listener !== null) {
        listener.progress(`${label}: ${detail}`, before + done, total);
        return;
      }
      const now = Date.now();
      if (now - lastWriteMs < (live ? 200 : 10_000)) return;
      lastWriteMs = now;
      if (live) process.stderr.write(`\r\x1b[Kengram set-up: ${label}: ${detail}`);
      else say(`${label}: ${detail}`);
    },
    end(outcome) {
      if (listener === null && live) process.stderr.write('\r\x1b[K');
      say(`${label}: ${outcome}`);
    },
  };
}
