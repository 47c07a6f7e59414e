/** An error as a trainer's log has it: with where in the code it was only for what nobody can mend from outside. */
import { InputError } from '../../core/contract/errors.ts';

export function wordsForLog(error: unknown): string {
  if (error instanceof InputError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
