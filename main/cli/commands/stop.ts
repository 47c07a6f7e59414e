/** `stop RUN…` and `pause RUN…`: ask runs to save and leave, and wait until they have. */
import type { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSummary } from '../../../core/contract/api/runs.ts';
import type { LabClient } from '../../host-client/connection.ts';
import { suggestCommand, type Context, type SetupCommand } from '../context.ts';
import { formatCount } from '../format.ts';
import { createInterruptedError, listenForInterrupts } from '../interrupts.ts';
import { runArgument, toRunArguments } from '../run-argument.ts';

const lookEveryMs = 150;

interface StopOptions {
  readonly now?: boolean;
  readonly wait: boolean;
}

export const setupStop: SetupCommand = (program, context) => {
  addCommand(program, 'pause', 'save runs and put them aside, or take them out of the queue; "resume" continues them').action(
    async (args: readonly string[], options: StopOptions) => stopAll(context, args, options, (api, run) => api.runs.pause({ run })),
  );
  addCommand(program, 'stop', 'save runs and end them, or take them out of the queue')
    .option('--now', 'at once, without saving')
    .action(async (args: readonly string[], options: StopOptions) =>
      stopAll(context, args, options, (api, run) => api.runs.stop({ run, now: options.now === true })),
    );
};

function addCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('<run...>', runArgument)
    .option('--no-wait', 'return before they have left');
}

async function stopAll(
  context: Context,
  args: readonly string[],
  { wait }: StopOptions,
  ask: (api: LabClient, run: string) => Promise<RunSummary>,
): Promise<void> {
  const { output } = context;
  const { api } = await context.connect();
  const asked: RunSummary[] = [];
  for (const argument of toRunArguments(context, args)) asked.push(await ask(api, argument));
  for (const run of asked) {
    const now = wait ? await waitUntilLeft(context, api, run) : run;
    if (output.json) output.value(now);
    else output.line(describe(context, now));
  }
}

async function waitUntilLeft(context: Context, api: LabClient, { id }: RunSummary): Promise<RunSummary> {
  const { output } = context;
  const leave = new AbortController();
  const interrupts = listenForInterrupts(output, () => leave.abort());
  try {
    for (;;) {
      const run = await api.runs.get({ run: id });
      if (run.status !== 'running' || run.intent === null) return run;
      output.live(`${id}: saving after iteration ${formatCount(run.iteration)}; Ctrl-C waits no longer`);
      await sleep(lookEveryMs, undefined, { signal: leave.signal });
    }
  } catch (error) {
    throw leave.signal.aborted ? createInterruptedError(`run ${id} saves and leaves by itself`) : error;
  } finally {
    interrupts.stop();
    output.endLive();
  }
}

function describe(context: Context, { id, status, intent, iteration }: RunSummary): string {
  if (status === 'running') return intent === null ? `${id} goes on` : `${id} was asked to save and leave`;
  return `${id} is ${status} at iteration ${formatCount(iteration)}; continue with: ${suggestCommand(context, 'resume', id)}`;
}
