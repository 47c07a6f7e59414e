/** The exit codes of the command line. */
import { EngramError } from './errors.ts';

export const exitCodes = { success: 0, failure: 1, badInput: 2, interrupted: 130 } as const;

export function exitCodeFor(error: unknown): number {
  return error instanceof EngramError && error.kind === 'input' ? exitCodes.badInput : exitCodes.failure;
}
