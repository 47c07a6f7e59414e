// Child processes of set-up: none of them may write to stdout, which belongs to the command.

import { spawn } from 'node:child_process';

/** @type {Set<Promise<unknown>>} */
const uninterruptible = new Set();

/** Resolves when nothing is at work that would leave the system in pieces. */
export async function untilInterruptible() {
  await Promise.all(uninterruptible);
}

/**
 * Runs a program and resolves with its exit code and everything it printed; a program that can't be started counts as exit code 127.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, mustEnd?: boolean}} options `mustEnd`: whoever cancels set-up waits for it,
 *   and it does not hear the signal that ends the others
 * @returns {Promise<{code: number, output: string}>}
 */
export function capture(program, args, { cwd, env, timeoutMs, mustEnd = false } = {}) {
  const ended = new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: env ?? process.env,
      timeout: timeoutMs,
      detached: mustEnd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (/** @type {Buffer} */ chunk) => (output += chunk.toString()));
    child.stderr.on('data', (/** @type {Buffer} */ chunk) => (output += chunk.toString()));
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
  if (mustEnd) {
    uninterruptible.add(ended);
    void ended.finally(() => uninterruptible.delete(ended));
  }
  return ended;
}

const longest = 700;

/**
 * The last few lines that say something, for an error message.
 * @param {string} output
 */
export function lastLines(output, count = 3) {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const text = lines.slice(-count).join(' | ');
  return text.length > longest ? `…${text.slice(-longest)}` : text;
}
