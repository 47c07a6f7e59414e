/** The command line as a whole: its commands, and how every error leaves it. */
import { Command, CommanderError } from 'commander';
import { exitCodeFor, exitCodes } from '../../core/contract/exit-codes.ts';
import type { HostClient } from '../host-client/connect-host.ts';
import type { HostProgram } from '../host-client/start-host.ts';
import { explainCommanderError } from './commander-errors.ts';
import { setupAbout } from './commands/about.ts';
import { setupBench } from './commands/bench.ts';
import { setupCare } from './commands/care.ts';
import { setupClone } from './commands/clone.ts';
import { setupDatasets } from './commands/datasets.ts';
import { setupDoctor } from './commands/doctor.ts';
import { setupEvaluate } from './commands/evaluate.ts';
import { setupExperiments } from './commands/experiments.ts';
import { setupExplain } from './commands/explain.ts';
import { setupExtensions } from './commands/extensions.ts';
import { setupExport } from './commands/export.ts';
import { setupHost } from './commands/host.ts';
import { setupImport } from './commands/import.ts';
import { setupLog } from './commands/log.ts';
import { setupMetrics } from './commands/metrics.ts';
import { setupQueue } from './commands/queue.ts';
import { setupResume } from './commands/resume.ts';
import { setupRuns } from './commands/runs.ts';
import { setupShow } from './commands/show.ts';
import { setupStop } from './commands/stop.ts';
import { setupTrain } from './commands/train.ts';
import { setupTrash } from './commands/trash.ts';
import { setupWatch } from './commands/watch.ts';
import { connectAndTell } from './connect-and-tell.ts';
import type { Context, SetupCommand } from './context.ts';
import { isInterrupted } from './interrupts.ts';
import { createOutput, type Output, type TextStream } from './output.ts';

/** In the order of the help. */
const groups: readonly (readonly [heading: string, setups: readonly SetupCommand[]])[] = [
  ['Training:', [setupTrain, setupResume, setupClone, setupWatch, setupStop, setupQueue]],
  ['Runs:', [setupRuns, setupShow, setupMetrics, setupLog, setupEvaluate, setupAbout, setupTrash]],
  ['Files:', [setupExport, setupImport, setupDatasets]],
  ['Engram:', [setupExperiments, setupExtensions, setupExplain, setupDoctor, setupBench, setupHost, setupCare]],
];

export interface CliServices {
  /** How a host is started, and its trainers. */
  readonly program: HostProgram;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
}

/** Runs one command. Returns the exit code. */
export async function runCli(args: readonly string[], { program: hostProgram, stdout, stderr }: CliServices): Promise<number> {
  // Errors in the options themselves have to be told in the right form, too.
  const output = createOutput({ stdout, stderr, json: args.includes('--json'), verbose: args.includes('--verbose') });
  let exitCode: number = exitCodes.success;
  let client: Promise<HostClient> | undefined;
  const program = createProgram(output);
  const context: Context = {
    output,
    program: hostProgram,
    dataOption: () => program.opts<{ data?: string }>().data,
    connect: () => (client ??= connectAndTell(context)),
    leaveWith: (code) => {
      exitCode = code;
    },
  };
  for (const [heading, setups] of groups) {
    program.commandsGroup(heading);
    for (const setup of setups) setup(program, context);
  }
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.success;
    const explained = error instanceof CommanderError ? explainCommanderError(error, program, args) : error;
    output.error(explained);
    return isInterrupted(explained) ? exitCodes.interrupted : exitCodeFor(explained);
  } finally {
    await client?.then(
      (connected) => connected.close(),
      () => {},
    );
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
