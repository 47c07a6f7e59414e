/** What every command gets. */
import type { Command } from 'commander';
import { FailureError, InputError } from '../../core/contract/errors.ts';
import { connectHost, type HostClient } from '../host-client/connect-host.ts';
import type { HostProgram } from '../host-client/start-host.ts';
import { resolveDataFolder } from '../run-folder/data-folder.ts';
import { resolveUserPath } from './options.ts';
import type { Output } from './output.ts';

export interface Context {
  readonly output: Output;
  /** How a host is started. */
  readonly program: HostProgram;
  /** `--data` as it was given; known once the command runs. */
  dataOption(): string | undefined;
  /** The lab's host, which is started where none runs; closed when the command has ended. */
  connect(): Promise<HostClient>;
  leaveWith(exitCode: number): void;
}

/** Adds commands to the program. */
export type SetupCommand = (program: Command, context: Context) => void;

/** @throws InputError `empty-option`. */
export function dataFolder(context: Pick<Context, 'dataOption'>): string {
  const option = context.dataOption();
  if (option === '') throw new InputError('empty-option', '--data must not be empty');
  return resolveDataFolder(option === undefined ? undefined : resolveUserPath(option));
}

/** A command for the user to copy, with the same data folder. */
export function suggestCommand(context: Context, ...words: string[]): string {
  const option = context.dataOption();
  const data = option === undefined ? [] : ['--data', dataFolder(context)];
  return ['npm start --', ...[...words, ...data].map(quote)].join(' ');
}

/** The lab's host where one runs: none is started. */
export async function findHost(context: Context): Promise<HostClient | undefined> {
  try {
    return await connectHost(dataFolder(context));
  } catch (error) {
    if (error instanceof FailureError && error.code === 'no-host') return undefined;
    throw error;
  }
}

/** For the shell that people have: Windows' takes single quotes for letters. */
function quote(word: string): string {
  if (process.platform === 'win32') return /^[\w./:=@+,\\-]+$/.test(word) ? word : `"${word.replaceAll('"', '""')}"`;
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
