/** Reads and writes a run's `spec.json`. */
import { readFile } from 'node:fs/promises';
import { InputError } from '../../core/contract/errors.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import { parseStoredSpec } from '../../core/experiments/create-run-spec.ts';
import { writeFileAtomically } from './atomic-file.ts';
import type { RunPaths } from './run-paths.ts';

/** @throws InputError `spec-invalid`, or as `parseStoredSpec`, naming the file. */
export async function readSpecFile({ spec }: RunPaths): Promise<RunSpec> {
  return parseSpec(await readFile(spec, 'utf8'), spec);
}

export async function writeSpecFile({ spec: path }: RunPaths, spec: RunSpec): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(spec, null, 2)}\n`);
}

function parseSpec(text: string, path: string): RunSpec {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError('spec-invalid', `${path} is not a valid run spec: it is not JSON`, { cause: error });
  }
  try {
    return parseStoredSpec(json);
  } catch (error) {
    throw error instanceof InputError ? new InputError(error.code, `${path}: ${error.message}`, { cause: error }) : error;
  }
}
