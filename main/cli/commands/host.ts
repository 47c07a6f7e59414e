/** `host status|stop|settings`: the process that looks after the lab. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { settingsSchema, type HostStatus, type Settings } from '../../../core/contract/api/lab.ts';
import { FailureError, InputError } from '../../../core/contract/errors.ts';
import { suggestName } from '../../../core/contract/nearest-name.ts';
import { parseNumber } from '../../../core/contract/numbers.ts';
import { hostFiles } from '../../host-client/host-files.ts';
import { readLockHolder } from '../../run-folder/process-lock.ts';
import { dataFolder, findHost, type Context, type SetupCommand } from '../context.ts';
import { layOutFacts } from '../facts.ts';
import { formatAgo, formatBytes, formatPlural, formatTable } from '../format.ts';

export const setupHost: SetupCommand = (program, context) => {
  const { output } = context;
  const command = program.command('host').description('the process that looks after the lab: status, stop, settings');
  command
    .command('status')
    .description('say whether it runs, and what it does; none is started')
    .action(async () => {
      const host = await findHost(context);
      if (host === undefined) {
        tellNone(context);
        return;
      }
      try {
        const status = await host.api.host.status();
        if (output.json) output.value(status);
        else for (const line of describe(status, output.columns)) output.line(line);
      } finally {
        host.close();
      }
    });
  command
    .command('stop')
    .description('end it; runs go on training, and the next command starts another one')
    .action(async () => {
      const host = await findHost(context);
      if (host === undefined) {
        tellNone(context);
        return;
      }
      const { pid } = await host.api.host.status();
      await host.api.host.stop();
      host.close();
      await waitUntilGone(dataFolder(context));
      if (output.json) output.value({ pid: null, dataFolder: dataFolder(context), stopped: pid });
      else output.line(`the lab host (process ${pid}) has left`);
    });
  command
    .command('settings')
    .description('show the settings, or change some: cpuSlots=2')
    .argument('[NAME=VALUE...]')
    .action(async (changes: readonly string[]) => {
      const read = readChanges(changes);
      const { api } = await context.connect();
      const settings = changes.length === 0 ? await api.host.settings() : await api.host.changeSettings(read);
      if (output.json) output.value(settings);
      else for (const line of formatTable(Object.entries(settings).map(([name, value]) => [name, String(value)]))) output.line(line);
    });
};

function tellNone(context: Context): void {
  const { output } = context;
  if (output.json) output.value({ pid: null, dataFolder: dataFolder(context) });
  else output.line(`no lab host runs for ${dataFolder(context)}; commands that need one start it`);
}

const leavePatienceMs = 15_000;

async function waitUntilGone(data: string): Promise<void> {
  const { lock, log } = hostFiles(data);
  const giveUpAt = performance.now() + leavePatienceMs;
  while (readLockHolder(lock) !== undefined) {
    await sleep(20);
    if (performance.now() > giveUpAt)
      throw new FailureError('host-stays', `the lab host was asked to leave and has not done so yet; its log: ${log}`);
  }
}

function describe(status: HostStatus, width: number | undefined): string[] {
  const {
    pid,
    version,
    dataFolder: data,
    startedAtMs,
    connections,
    running,
    queued,
    jobs,
    freeBytes,
    held,
    lastBackupAtMs,
    notices,
  } = status;
  return layOutFacts(
    [
      ['process', `${pid}, Engram ${version}, since ${formatAgo(startedAtMs)}`],
      ['lab', data],
      ['work', `${formatPlural(running, 'run')} training, ${queued} waiting, ${formatPlural(jobs, 'job')}`],
      ['clients', `${connections}, this one included`],
      ['disk', `${formatBytes(freeBytes)} free; databases ${formatBytes(status.labBytes)} and ${formatBytes(status.seriesBytes)}`],
      ['backup', lastBackupAtMs === null ? 'none yet' : formatAgo(lastBackupAtMs)],
      ...(held === null ? [] : [['held', held] as [string, string]]),
      ...notices.map((notice): [string, string] => ['notice', notice]),
    ],
    width,
  );
}

function readChanges(changes: readonly string[]): Partial<Settings> {
  const names = Object.keys(settingsSchema.shape);
  const entries = changes.map((change) => {
    const [, name = '', text = ''] = /^([^=]+)=(.*)$/.exec(change) ?? [];
    if (name === '') throw new InputError('setting-invalid', `settings are changed with NAME=VALUE, as in cpuSlots=2, not "${change}"`);
    if (!names.includes(name)) throw new InputError('unknown-setting', `there is no setting "${name}": ${suggestName(name, names)}`);
    const value = text === 'true' || text === 'false' ? text === 'true' : (parseNumber(text) ?? text);
    const { success } = settingsSchema.exactPartial().safeParse({ [name]: value });
    if (!success) throw new InputError('setting-invalid', `${name} must be ${describeRule(name)}, not "${text}"`);
    return [name, value] as const;
  });
  return settingsSchema.exactPartial().parse(Object.fromEntries(entries));
}

function describeRule(name: string): string {
  const rule = z.toJSONSchema(settingsSchema).properties?.[name];
  if (typeof rule !== 'object' || rule.type !== 'integer') return 'true or false';
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = rule;
  return maximum === Number.MAX_SAFE_INTEGER ? `a whole number, at least ${minimum}` : `a whole number from ${minimum} to ${maximum}`;
}
