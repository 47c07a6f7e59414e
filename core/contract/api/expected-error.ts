/** An expected error as data: how it travels from one process to another. */
import { z } from 'zod';
import { FailureError, InputError, type EngramError } from '../errors.ts';

export const expectedErrorSchema = z.strictObject({ kind: z.enum(['input', 'failure']), code: z.string(), message: z.string() });

export type ExpectedError = z.infer<typeof expectedErrorSchema>;

export function toExpectedError({ kind, code, message }: EngramError): ExpectedError {
  return { kind, code, message };
}

export function toEngramError({ kind, code, message }: ExpectedError): EngramError {
  return kind === 'input' ? new InputError(code, message) : new FailureError(code, message);
}
