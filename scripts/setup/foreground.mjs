// Runs the product in place of this process, as far as a parent can: same terminal, same signals, same exit code.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const sameSignalMs = 500;

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code; 128 + number for a child ended by a signal
 */
export function runInForeground(program, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: 'inherit' });
    let lastInterruptMs = -Infinity;
    process.on('SIGINT', () => {
      // A terminal's Ctrl-C goes to the child by itself, and npm repeats it to us: only one from elsewhere has to be passed on, once.
      const now = performance.now();
      if (!hasTerminal() && now - lastInterruptMs > sameSignalMs) child.kill('SIGINT');
      lastInterruptMs = now;
    });
    for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

const hasTerminal = () => process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
