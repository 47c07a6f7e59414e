/**
 * Freezes all processes of a lab at random moments, makes of it what a power cut might leave (see power-cut.ts), and opens that with a new host:
 * it has to open, to know every run, to have lost no more than a second, and to take the runs up exactly.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../../core/contract/errors.ts';
import { readJournal } from '../../main/run-folder/journal-reader.ts';
import { runsFolder } from '../../main/run-folder/data-folder.ts';
import { runPaths } from '../../main/run-folder/run-paths.ts';
import {
  connectLab,
  endAll,
  findProcesses,
  iterations,
  listAll,
  seeds,
  signal,
  slots,
  smallSpec,
  until,
  type LabProcess,
} from './fault-lab.ts';
import { historyOf, judgeLab, type Reference } from './judge.ts';
import { firstLost, sessionOf } from './kill-campaign.ts';
import type { Places } from './places.ts';
import { copyAfterPowerCut } from './power-cut.ts';
import { readSteps } from './steps.ts';
import { readSyncs } from './sync-log.ts';

export interface PowerResults {
  readonly cuts: number;
  /** Runs that were live at a cut, over all cuts. */
  readonly live: number;
  readonly resumed: number;
  readonly mostLostMs: number;
  readonly meanLostMs: number;
  readonly faults: readonly string[];
}

const longestPauseMs = 2500;
const mostLostMs = 1000;

export async function powerCampaign(
  dataFolder: string,
  places: Places,
  reference: Reference,
  times: number,
  say: (line: string) => void,
): Promise<PowerResults> {
  const faults: string[] = [];
  const lost: number[] = [];
  const clock = createClock();
  let [live, resumed, created] = [0, 0, 0];
  const client = await connectLab(dataFolder);
  await client.api.host.changeSettings({ cpuSlots: slots, minimumFreeBytes: 0 });

  for (let time = 0; time < times; time++) {
    const open = (await listAll(client)).filter(({ status }) => status !== 'finished').length;
    for (let missing = slots + 1 - open; missing > 0; missing--) {
      await client.api.runs.create({ specs: [smallSpec(seeds[created++ % seeds.length]!)] });
    }
    await sleep(Math.random() * longestPauseMs);
    const ids = (await listAll(client)).map(({ id }) => id);

    const processes = freeze(dataFolder);
    const copy = `${dataFolder}-cut`;
    try {
      const cutMs = clock.stop();
      copyAfterPowerCut(dataFolder, copy, readSyncs(places.syncs));
      const trainers = processes.filter(({ run }) => run !== undefined);
      live += trainers.length;
      for (const { run, pid } of trainers) {
        const written = sessionOf(readJournal(runPaths(join(runsFolder(copy), run!)).journal).records, pid);
        const step = firstLost(readSteps(places.steps, run!, pid), written);
        const lostMs = typeof step === 'object' ? clock.between(step.atMs, cutMs) : 0;
        if (typeof step === 'string') faults.push(`cut ${time + 1}, ${run}: ${step}`);
        if (lostMs > mostLostMs) faults.push(`cut ${time + 1}, ${run}: ${Math.round(lostMs)} ms of metrics were lost`);
        lost.push(lostMs);
      }
      resumed += await openElsewhere(copy, ids, reference, (fault) => faults.push(`cut ${time + 1}, ${fault}`));
    } catch (error) {
      faults.push(`cut ${time + 1}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    } finally {
      endAll(copy);
      rmSync(copy, { recursive: true, force: true, maxRetries: 5 });
      clock.goOn();
      for (const { pid } of processes) signal(pid, 'SIGCONT');
    }
    if ((time + 1) % 10 === 0) say(`${time + 1} of ${times} power cuts`);
  }

  client.close();
  endAll(dataFolder);
  await until('all processes have gone', () => findProcesses(dataFolder).length === 0);
  const mean = lost.reduce((sum, each) => sum + each, 0) / Math.max(1, lost.length);
  return { cuts: times, live, resumed, mostLostMs: Math.max(0, ...lost), meanLostMs: mean, faults };
}

/** Returns how many runs were resumed. */
async function openElsewhere(
  copy: string,
  ids: readonly string[],
  reference: Reference,
  complain: (fault: string) => void,
): Promise<number> {
  const client = await connectLab(copy);
  try {
    const runs = await listAll(client);
    for (const id of ids) if (!runs.some((run) => run.id === id)) complain(`${id} is lost`);
    for (const { id, status, reason } of runs) if (status === 'failed') complain(`${id} is failed: ${reason}`);
    await client.api.host.changeSettings({ cpuSlots: slots + 1 });
    const before = new Map(runs.map(({ id }) => [id, historyOf(copy, id).metrics.length]));
    const resumed = new Set<string>();
    const hasGoneOn = async () => {
      const now = await listAll(client);
      for (const { id, status } of now) {
        if (status !== 'interrupted') continue;
        if (resumed.has(id)) complain(`${id} was interrupted once more`);
        resumed.add(id);
        await client.api.runs.resume({ run: id });
      }
      return now.every(({ id, status, iteration }) => {
        const least = Math.min(iterations, (before.get(id) ?? 0) + 1);
        return status === 'finished' || (status === 'running' && iteration >= least);
      });
    };
    await until('all runs go on', hasGoneOn, 60).catch(async (error: unknown) => {
      const states = (await listAll(client)).map(({ id, status, iteration, reason }) => `${id}: ${status} at ${iteration} (${reason})`);
      complain(`${String(error)}: ${states.join('; ')}`);
    });
    for (const { id, status } of await listAll(client)) {
      if (status === 'running') await client.api.runs.pause({ run: id }).catch(unlessFinished);
    }
    await until('all runs have paused', async () =>
      (await listAll(client)).every(({ status }) => status === 'paused' || status === 'finished'),
    );
    await client.api.host.stop();
    await until('the host of the copy has left', () => findProcesses(copy).length === 0);
    judgeLab(copy, reference).faults.forEach(complain);
    return resumed.size;
  } finally {
    client.close();
  }
}

/** A run may have come to its end since it was listed. */
function unlessFinished(error: unknown): void {
  if (!(error instanceof InputError && error.code === 'run-state')) throw error;
}

/** Stops all of them between two instructions, the host first: it could start more. */
function freeze(dataFolder: string): LabProcess[] {
  for (let frozen: LabProcess[] = []; ;) {
    const processes = findProcesses(dataFolder);
    if (processes.length === frozen.length) return processes;
    for (const { pid } of processes.sort((a, b) => Number(a.run !== undefined) - Number(b.run !== undefined))) signal(pid, 'SIGSTOP');
    frozen = processes;
  }
}

/** Time without that during which everything was frozen. */
function createClock() {
  const frozen: { readonly fromMs: number; toMs: number }[] = [];
  return {
    stop() {
      const fromMs = Date.now();
      frozen.push({ fromMs, toMs: Infinity });
      return fromMs;
    },
    goOn: () => void (frozen.at(-1)!.toMs = Date.now()),
    between: (fromMs: number, toMs: number) =>
      frozen.reduce((ms, part) => ms - Math.max(0, Math.min(part.toMs, toMs) - Math.max(part.fromMs, fromMs)), toMs - fromMs),
  };
}
