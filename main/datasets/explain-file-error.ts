/** What the file system's errors mean for the person who named a data set. */
import { EngramError, InputError } from '../../core/contract/errors.ts';

/** `error` as an InputError `dataset-missing` or `dataset-unreadable` where it is one of the file system's; otherwise `error` itself. */
export function explainFileError(path: string, error: unknown): unknown {
  if (error instanceof EngramError || !(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const quoted = JSON.stringify(path);
  const options = { cause: error };
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ERR_INVALID_ARG_VALUE':
      return new InputError('dataset-missing', `the data set ${quoted} does not exist`, options);
    case 'EACCES':
    case 'EPERM':
      return new InputError('dataset-unreadable', `the data set ${quoted} cannot be read: permission denied`, options);
    default:
      return new InputError('dataset-unreadable', `the data set ${quoted} cannot be read: ${error.message}`, options);
  }
}
