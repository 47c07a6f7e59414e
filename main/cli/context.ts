/** What every command gets. */
import type { Command } from 'commander';
import { resolveDataFolder } from '../run-folder/data-folder.ts';
import { resolveUserPath } from './options.ts';
import type { Output } from './output.ts';

export interface Context {
  readonly output: Output;
  /** The program that trainer processes run. */
  readonly trainerEntry: string;
  /** `--data` as it was given; known once the command runs. */
  dataOption(): string | undefined;
  leaveWith(exitCode: number): void;
}

/** Adds one command to the program. */
export type SetupCommand = (program: Command, context: Context) => void;

export function dataFolder(context: Context): string {
  const option = context.dataOption();
  return resolveDataFolder(option === undefined ? undefined : resolveUserPath(option));
}

/** A command for the user to copy, with the same data folder. */
export function suggestCommand(context: Context, ...words: string[]): string {
  const option = context.dataOption();
  const data = option === undefined ? [] : ['--data', dataFolder(context)];
  return ['npm start --', ...[...words, ...data].map(quote)].join(' ');
}

function quote(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
