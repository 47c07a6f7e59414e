/** Twenty clients that send what they should not, beside two front ends at work: whether the host minds, and what the two notice of it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { formatBytes, formatCount, formatTable } from '../main/cli/format.ts';
import { createRunSpec } from '../core/experiments/create-run-spec.ts';
import { connectHost } from '../main/host-client/connect-host.ts';
import { hostFiles, readHostInfo } from '../main/host-client/host-files.ts';
import { readLockHolder } from '../main/run-folder/process-lock.ts';
import { fingerprintLab, findFault, malformedMessages, sendAll, type Reception } from './clients/hostile-clients.ts';
import { describeConditions, describeMachine } from './machine.ts';
import { readOptions } from './options.ts';
import { percentile } from './statistics.ts';

const clients = 20;
const messagesEach = 500;
const runsBefore = 200;

const options = readOptions(process.argv.slice(2));
const folder = mkdtempSync(join(tmpdir(), 'engram-bench-'));
try {
  process.stderr.write(`${formatCount(clients * messagesEach)} messages …\n`);
  report(await attack(join(folder, 'lab')));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

interface Outcome {
  readonly messages: number;
  readonly seconds: number;
  /** Answers by their status or the code with which the connection was closed. */
  readonly answers: Readonly<Record<string, number>>;
  /** Answers that help nobody. */
  readonly faults: Readonly<Record<string, number>>;
  readonly unanswered: number;
  readonly crashes: number;
  readonly changed: boolean;
  /** What the front ends waited for lists of runs, beside the attack and without it. */
  readonly listMs: readonly number[];
  readonly quietListMs: readonly number[];
  readonly hostBytes: { readonly before: number | undefined; readonly after: number | undefined };
}

async function attack(data: string): Promise<Outcome> {
  const program = { trainerEntry: fileURLToPath(new URL('../main/trainer/entry.ts', import.meta.url)) };
  const frontEnds = [await connectHost(data, program), await connectHost(data, program)];
  const { api } = frontEnds[0]!;
  await api.host.changeSettings({ minimumFreeBytes: 0, cpuSlots: 0, gpuSlots: 0 });
  await api.runs.create({
    specs: Array.from({ length: runsBefore }, (_, seed) => createRunSpec({ experiment: 'images', seed })),
    name: 'kept',
  });
  const { pid: host } = await api.host.status();
  /** Both front ends ask for lists as long as `isGoingOn`; how long each took. */
  const listRuns = async (isGoingOn: (times: readonly number[]) => boolean): Promise<number[]> => {
    const times: number[] = [];
    const working = frontEnds.map(async (frontEnd) => {
      while (isGoingOn(times)) {
        const startedMs = performance.now();
        await frontEnd.api.runs.list({ limit: 100 });
        times.push(performance.now() - startedMs);
      }
    });
    await Promise.all(working);
    return times;
  };
  const quietListMs = await listRuns(({ length }) => length < 200);

  const before = { content: fingerprintLab(data), bytes: residentBytes(host) };
  const [answers, faults]: [Record<string, number>, Record<string, number>] = [{}, {}];
  let answered = 0;
  const onAnswer = (reception: Reception) => {
    const { answer } = reception;
    answered++;
    count(answers, 'closed' in answer ? `closed ${answer.closed}` : String(answer.status));
    const fault = findFault(reception);
    if (fault !== undefined) count(faults, fault);
  };
  const { socket } = readHostInfo(data)!;
  const startedMs = performance.now();
  let attacked = true;
  const listing = listRuns(() => attacked);
  const attacks = Array.from({ length: clients }, (_, seed) => sendAll(socket, malformedMessages(messagesEach, seed), onAnswer));
  await Promise.allSettled(attacks);
  const seconds = (performance.now() - startedMs) / 1000;
  attacked = false;
  const listMs = await listing;
  const crashes = (await api.host.status()).pid === host ? 0 : 1;
  const hostBytes = { before: before.bytes, after: residentBytes(host) };
  await api.host.stop();
  for (const frontEnd of frontEnds) frontEnd.close();
  while (readHostInfo(data) !== undefined || readLockHolder(hostFiles(data).lock) !== undefined) await sleep(20);
  return {
    messages: clients * messagesEach,
    seconds,
    answers,
    faults,
    unanswered: clients * messagesEach - answered,
    crashes,
    changed: fingerprintLab(data) !== before.content,
    listMs,
    quietListMs,
    hostBytes,
  };
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

/** Undefined where the system does not say. */
function residentBytes(pid: number): number | undefined {
  try {
    return 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

function report(outcome: Outcome): void {
  const machine = describeMachine();
  const { messages, seconds, answers, faults, unanswered, crashes, changed, listMs, quietListMs, hostBytes } = outcome;
  const helpless = Object.values(faults).reduce((sum, number) => sum + number, 0);
  const passed = unanswered + crashes + helpless === 0 && !changed;
  process.exitCode = passed ? 0 : 1;
  if (options.json) {
    console.log(JSON.stringify({ atMs: Date.now(), machine, load: loadavg()[0], ...outcome, passed }));
    return;
  }
  const described = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, number]) => `${name}: ${formatCount(number)}`)
      .join(', ');
  const ms = (times: readonly number[]) =>
    `${percentile(times, 0.5).toFixed(1)} / ${percentile(times, 0.95).toFixed(1)} / ${Math.max(...times).toFixed(0)} ms`;
  const bytes = (value: number | undefined) => (value === undefined ? 'unknown' : formatBytes(value));
  console.log(describeConditions(machine));
  formatTable([
    ['what', 'measured', 'target'],
    [`messages from ${clients} clients, in ${seconds.toFixed(1)} s`, formatCount(messages), '–'],
    ['answers by status, or code of the closed connection', described(answers), '–'],
    ['without an answer', formatCount(unanswered), '0'],
    ['refused without a reason or the name of a field', helpless === 0 ? '0' : described(faults), '0'],
    ['times that the host ended', formatCount(crashes), '0'],
    ['anything changed in the databases', changed ? 'yes' : 'no', 'no'],
    [`two front ends: ${formatCount(listMs.length)} lists of 100 runs (median / 95 % / longest)`, ms(listMs), '–'],
    ['… before, with nobody else', ms(quietListMs), '–'],
    ['memory of the host before and after', `${bytes(hostBytes.before)}, ${bytes(hostBytes.after)}`, '–'],
  ]).forEach((line) => console.log(line));
}
