/** Errors that a user may meet: each says the rule and the value, and whose move it is. */

/**
 * `input`: the user can mend the call or the data set (exit code 2).
 * `failure`: anything else that was foreseen: a full disk, a diverged loss, no usable backend (exit code 1).
 */
export type ErrorKind = 'input' | 'failure';

/** An expected failure. `message` is one clear sentence for the user; `code` is stable and machine-readable (kebab-case). */
export class EngramError extends Error {
  override readonly name: string = 'EngramError';
  readonly kind: ErrorKind;
  readonly code: string;

  constructor(kind: ErrorKind, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.code = code;
  }
}

/** The call or a data set is wrong; `code` names the rule, e.g. `unknown-option`, `dataset-truncated`. */
export class InputError extends EngramError {
  override readonly name = 'InputError';
  constructor(code: string, message: string, options?: ErrorOptions) {
    super('input', code, message, options);
  }
}

/** Something outside the call failed, e.g. `disk-full`, `loss-not-finite`, `no-backend`. */
export class FailureError extends EngramError {
  override readonly name = 'FailureError';
  constructor(code: string, message: string, options?: ErrorOptions) {
    super('failure', code, message, options);
  }
}
