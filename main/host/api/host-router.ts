/** Procedures about the host itself. */
import { statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostStatus } from '../../../core/contract/api/lab.ts';
import { readLogTail } from '../machine/log-tail.ts';
import { createMachineWatch } from '../machine/load.ts';
import { backUp, listBackups } from '../store/backups.ts';
import { changeSettings, readSettings } from '../store/settings.ts';
import type { ApiContext, Implementer } from './context.ts';

export function createHostRouter(os: Implementer['host'], context: ApiContext) {
  const { lab } = context;
  const machine = createMachineWatch();
  return {
    status: os.status.handler(() => describe(context)),
    stop: os.stop.handler(() => {
      // After this answer.
      setImmediate(context.stop);
      return { stopping: true as const };
    }),
    settings: os.settings.handler(() => readSettings(lab.stores.lab)),
    changeSettings: os.changeSettings.handler(({ input }) => {
      const settings = changeSettings(lab.stores.lab, input);
      lab.queue.wake();
      return settings;
    }),
    load: os.load.handler(() => machine.read()),
    log: os.log.handler(({ input: { lines } }) => readLogTail(lab.log.path, lines)),
    backups: os.backups.handler(() =>
      listBackups(lab.dataFolder).map((backup) => ({ ...backup, bytes: statSync(backup.file, { throwIfNoEntry: false })?.size ?? 0 })),
    ),
    backup: os.backup.handler(() => backUp(lab.stores.lab, lab.dataFolder)),
    rebuild: os.rebuild.handler(() => ({ job: lab.startRebuild().id })),
  };
}

async function describe({ lab, connections, ...host }: ApiContext): Promise<HostStatus> {
  const { dataFolder, queue, jobs, notices } = lab;
  const { bavail, bsize } = await statfs(dataFolder);
  const { pid, version, contract, startedAtMs } = host;
  return {
    pid,
    version,
    contract,
    dataFolder,
    startedAtMs,
    connections: connections(),
    running: queue.running,
    queued: queue.queued,
    jobs: jobs.active,
    freeBytes: bavail * bsize,
    held: queue.held,
    labBytes: sizeOf(join(dataFolder, 'lab.db')),
    seriesBytes: sizeOf(join(dataFolder, 'series.db')),
    lastBackupAtMs: listBackups(dataFolder)[0]?.madeAtMs ?? null,
    notices: [...notices],
  };
}

/** With what has not been moved into the file yet. */
function sizeOf(database: string): number {
  return [database, `${database}-wal`].reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}
