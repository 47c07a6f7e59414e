// Small files that must be whole or absent: read as JSON, written under a temporary name and renamed, fingerprinted.

import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';

/**
 * The parsed content, or null where the file is missing or no JSON: both mean that the work it records has to be done.
 * @param {string} file
 * @returns {unknown}
 */
export function readJson(file) {
  try {
    return parseJson(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * @param {string} text
 * @returns {unknown}
 */
export function parseJson(text) {
  return JSON.parse(text);
}

/**
 * @param {string} file
 * @param {unknown} content
 */
export function writeJson(file, content) {
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`);
  renameSync(temporary, file);
}

/** @param {string | Buffer} content */
export const sha256 = (content) => createHash('sha256').update(content).digest('hex');

/** @param {string} file */
export async function sha256OfFile(file) {
  const hash = createHash('sha256');
  const stream = createReadStream(file, { highWaterMark: 1 << 20 }).on('data', (chunk) => hash.update(chunk));
  await finished(stream);
  return hash.digest('hex');
}
