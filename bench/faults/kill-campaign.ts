/**
 * Kills the host, a trainer, or both at random moments of live runs, and looks whether anything was lost.
 *
 * After each kill a client comes back, which starts a host where none is left, and resumes what was interrupted. The lab always has as many live
 * runs as slots. At the end every run is finished, and judged.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { readJournal } from '../../main/run-folder/journal-reader.ts';
import { runPaths } from '../../main/run-folder/run-paths.ts';
import { runsFolder } from '../../main/run-folder/data-folder.ts';
import { join } from 'node:path';
import type { HostClient } from '../../main/host-client/connect-host.ts';
import { InputError } from '../../core/contract/errors.ts';
import type { JournalRecord } from '../../core/contract/journal-records.ts';
import { askAgain, connectLab, findProcesses, isThere, listAll, signal, until, type LabProcess } from './fault-lab.ts';
import { seeds, slots, smallSpec } from './fault-lab.ts';
import { judgeLab, type Reference, type Verdict } from './judge.ts';
import type { Places } from './places.ts';
import { readSteps, type Step } from './steps.ts';

export interface KillResults {
  readonly kills: Readonly<Record<Victim, number>>;
  /** Trainers that a host's death left alone, and that went on under the next host. */
  readonly outlived: number;
  /** The longest time that had been computed and was not in a killed trainer's journal. */
  readonly mostLostMs: number;
  readonly verdict: Verdict;
  readonly faults: readonly string[];
}

type Victim = 'host' | 'trainer' | 'both';
const victims: readonly Victim[] = ['host', 'trainer', 'both'];
const longestPauseMs = 2500;
const mostLostMs = 1000;

interface Kill {
  readonly run: string;
  readonly pid: number;
  readonly atMs: number;
}

export async function killCampaign(
  dataFolder: string,
  places: Places,
  reference: Reference,
  times: number,
  say: (line: string) => void,
): Promise<KillResults> {
  const faults: string[] = [];
  const counts = { host: 0, trainer: 0, both: 0 };
  const killed: Kill[] = [];
  let outlived = 0;
  let created = 0;
  const known = new Set<string>();
  const client = await connectLab(dataFolder);
  await client.api.host.changeSettings({ cpuSlots: slots, minimumFreeBytes: 0 });

  /** Keeps the slots busy, and resumes what was interrupted. */
  const tend = async (more: boolean) => {
    const runs = await listAll(client);
    for (const { id, status } of runs) {
      known.add(id);
      if (status === 'interrupted') await resume(client, id);
      if (status === 'failed' || status === 'stopped') faults.push(`${id} is ${status}, which nobody asked for`);
    }
    for (const id of known) if (!runs.some((run) => run.id === id)) faults.push(`${id} is lost`);
    const open = runs.filter(({ status }) => status !== 'finished').length;
    for (let missing = slots + 1 - open; more && missing > 0; missing--) {
      // Whether the first attempt made it, nobody knows where the host was lost: then there is one more.
      const [run] = await askAgain(() => client.api.runs.create({ specs: [smallSpec(seeds[created++ % seeds.length]!)] }));
      known.add(run!.id);
    }
  };

  for (let time = 0; time < times; time++) {
    await tend(true);
    await sleep(Math.random() * longestPauseMs);
    const processes = findProcesses(dataFolder);
    const trainers = processes.filter(({ run }) => run !== undefined);
    const host = processes.find(({ run }) => run === undefined);
    let victim = victims[time % victims.length]!;
    if (trainers.length === 0) victim = 'host';
    counts[victim]++;
    const chosen = trainers[Math.floor(Math.random() * trainers.length)];
    if (victim !== 'trainer' && host !== undefined) signal(host.pid, 'SIGKILL');
    if (victim !== 'host' && chosen !== undefined) {
      signal(chosen.pid, 'SIGKILL');
      killed.push({ run: chosen.run!, pid: chosen.pid, atMs: Date.now() });
    }
    if (victim === 'host') outlived += await countOutliving(client, dataFolder, trainers, faults);
    else if (chosen !== undefined) await noticed(client, chosen, faults);
    if ((time + 1) % 10 === 0) say(`${time + 1} of ${times} kills, ${known.size} runs`);
  }

  await until(
    'all runs finished',
    async () => {
      await tend(false);
      await sleep(200);
      return (await listAll(client)).every(({ status }) => status === 'finished');
    },
    600,
  ).catch((error: unknown) => faults.push(String(error)));
  await askAgain(() => client.api.host.stop());
  client.close();
  await until('the host has left', () => findProcesses(dataFolder).length === 0);

  const losses = killed.map((kill) => lossOf(dataFolder, places, kill, faults));
  const verdict = judgeLab(dataFolder, reference);
  if (verdict.runs !== known.size) faults.push(`${verdict.runs} runs at the end instead of ${known.size}`);
  return { kills: counts, outlived, mostLostMs: Math.max(0, ...losses), verdict, faults: [...faults, ...verdict.faults] };
}

/** Where the host was lost before it had answered, it may have done it, and the second call finds the run in another state. */
async function resume({ api }: HostClient, run: string): Promise<void> {
  try {
    await askAgain(() => api.runs.resume({ run }));
  } catch (error) {
    if (!(error instanceof InputError && error.code === 'run-state')) throw error;
  }
}

/** The trainers that lived under the killed host train on under the next one. */
async function countOutliving(client: HostClient, dataFolder: string, trainers: readonly LabProcess[], faults: string[]): Promise<number> {
  const runs = await listAll(client);
  let count = 0;
  for (const { pid, run } of trainers) {
    const row = runs.find(({ id }) => id === run);
    if (isThere(pid) && row?.status === 'running') count++;
    else if (!hasEnded(dataFolder, run!)) faults.push(`the trainer ${pid} of ${run} did not outlive its host (the run is ${row?.status})`);
  }
  return count;
}

function hasEnded(dataFolder: string, run: string): boolean {
  const last = recordsOf(dataFolder, run).at(-1);
  return last?.type === 'end';
}

/** A host, the same or the next, sees that the trainer is gone. */
async function noticed(client: HostClient, { pid, run }: LabProcess, faults: string[]): Promise<void> {
  const isNoticed = async () => {
    const { status, pid: trainer } = await askAgain(() => client.api.runs.get({ run: run! }));
    return status !== 'running' || trainer !== pid;
  };
  await until(`the host notices that the trainer of ${run} is gone`, isNoticed, 30).catch((error: unknown) => faults.push(String(error)));
}

function recordsOf(dataFolder: string, run: string): readonly JournalRecord[] {
  return readJournal(runPaths(join(runsFolder(dataFolder), run)).journal).records;
}

/** How long before its death the trainer had computed the first iteration that its journal lacks, in milliseconds. */
function lossOf(dataFolder: string, { steps }: Places, { run, pid, atMs }: Kill, faults: string[]): number {
  const computed = readSteps(steps, run, pid);
  const lost = firstLost(computed, sessionOf(recordsOf(dataFolder, run), pid));
  if (typeof lost === 'string') faults.push(`${run}: ${lost}`);
  if (typeof lost !== 'object') return 0;
  const lostMs = atMs - lost.atMs;
  if (lostMs > mostLostMs) faults.push(`${run}: ${lostMs} ms of metrics were lost`);
  return lostMs;
}

/** What a trainer process wrote. */
export function sessionOf(records: readonly JournalRecord[], pid: number): JournalRecord[] {
  const begin = records.findLastIndex((record) => record.type === 'start' && record.pid === pid);
  if (begin === -1) return [];
  const rest = records.slice(begin + 1);
  const end = rest.findIndex(({ type }) => type === 'start');
  return rest.slice(0, end === -1 ? rest.length : end);
}

/** The first computed step that is not in the journal; or what is wrong with those that are. */
export function firstLost(computed: readonly Step[], session: readonly JournalRecord[]): Step | string | undefined {
  const written = session.filter((record) => record.type === 'metrics');
  for (const [index, { iteration, values }] of written.entries()) {
    const step = computed[index];
    if (step?.iteration !== iteration || step.loss !== values['loss'])
      return `iteration ${iteration} in the journal is not what was computed`;
  }
  return computed[written.length];
}
