/** Ctrl-C, and the end of whoever read our output: told once each. */
import { FailureError } from '../../core/contract/errors.ts';
import type { Output } from './output.ts';

/** A terminal's Ctrl-C may arrive twice, from the terminal and through npm; only a later one is a second one. */
const sameSignalMs = 500;

export interface Interrupts {
  /** How often. */
  readonly count: number;
  /** From now on, signals have their usual effect. */
  stop(): void;
}

/** @param onInterrupt gets 1 for the first, 2 for the second … */
export function listenForInterrupts(output: Output, onInterrupt: (count: number) => void): Interrupts {
  let count = 0;
  let lastMs = -Infinity;
  const interrupt = () => {
    if (performance.now() - lastMs < sameSignalMs) return;
    lastMs = performance.now();
    onInterrupt(++count);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  output.onClosed(interrupt);
  return {
    get count() {
      return count;
    },
    stop: () => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
}

const interruptedCode = 'interrupted';

/** The user's wish is no failure, but leaves the command undone: exit code 130. */
export function createInterruptedError(message: string): FailureError {
  return new FailureError(interruptedCode, message);
}

export function isInterrupted(error: unknown): boolean {
  return error instanceof FailureError && error.code === interruptedCode;
}
