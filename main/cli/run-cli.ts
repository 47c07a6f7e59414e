/** The command line as a whole: its commands, and how every error leaves it. */
import { Command, CommanderError } from 'commander';
import { setupBench } from './commands/bench.ts';
import { setupDoctor } from './commands/doctor.ts';
import { setupEvaluate } from './commands/evaluate.ts';
import { setupExperiments } from './commands/experiments.ts';
import { setupExplain } from './commands/explain.ts';
import { setupExport } from './commands/export.ts';
import { setupResume } from './commands/resume.ts';
import { setupTrain } from './commands/train.ts';
import { exitCodeFor, exitCodes } from '../../core/contract/exit-codes.ts';
import { explainCommanderError } from './commander-errors.ts';
import type { Context } from './context.ts';
import { createOutput, type Output, type TextStream } from './output.ts';

export interface CliServices {
  /** The program that trainer processes run. */
  readonly trainerEntry: string;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
}

/** Runs one command. Returns the exit code. */
export async function runCli(args: readonly string[], { trainerEntry, stdout, stderr }: CliServices): Promise<number> {
  // Errors in the options themselves have to be told in the right form, too.
  const output = createOutput({ stdout, stderr, json: args.includes('--json'), verbose: args.includes('--verbose') });
  let exitCode: number = exitCodes.success;
  const program = createProgram(output);
  const context: Context = {
    output,
    trainerEntry,
    dataOption: () => program.opts<{ data?: string }>().data,
    leaveWith: (code) => {
      exitCode = code;
    },
  };
  for (const setup of [setupTrain, setupResume, setupEvaluate, setupExport, setupExperiments, setupExplain, setupDoctor, setupBench]) {
    setup(program, context);
  }
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.success;
    const explained = error instanceof CommanderError ? explainCommanderError(error, program, args) : error;
    output.error(explained);
    return exitCodeFor(explained);
  }
}

function createProgram(output: Output): Command {
  return new Command('engram')
    .usage('[options] COMMAND')
    .description('A lab workbench for differentiable plasticity: trains plastic networks and looks after their runs.')
    .option('--data <FOLDER>', "the lab's folder (default: ENGRAM_DATA, or the user's folder for application data)")
    .option('--json', 'print one JSON object a line and nothing else')
    .option('--verbose', 'print more, and stack traces of errors')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError(false)
    .configureOutput({ writeOut: (text) => output.write(text), writeErr: () => {} })
    .exitOverride();
}
