/** Journals: how fast they are followed, eight at once while they are written, and what writing one costs its trainer. */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatBytes, formatCount, formatTable } from '../main/cli/format.ts';
import { measureJournalCost, type JournalCost } from './journal-cost.ts';
import { measureJournalSpeed, type JournalSpeed } from './journal-speed.ts';
import { measureLiveRuns, type LiveRuns } from './live-runs.ts';
import { describeConditions, describeMachine } from './machine.ts';
import { readOptions } from './options.ts';
import { spread } from './statistics.ts';

const iterationsFollowed = 200_000;
const iterationsTrained = 300;
const target = { valuesPerSecond: 300_000, overhead: 0.01 };

const options = readOptions(process.argv.slice(2));
const folder = mkdtempSync(join(tmpdir(), 'engram-bench-'));
try {
  const say = (line: string) => process.stderr.write(`${line} …\n`);
  say('training');
  const cost = await measureJournalCost(join(folder, 'run'), iterationsTrained);
  say('following a journal');
  const speeds = Array.from({ length: options.rounds }, () => measureJournalSpeed(join(folder, 'lab'), iterationsFollowed));
  say('eight live runs, a minute');
  const live = await measureLiveRuns(join(folder, 'live'));
  report(speeds, live, cost);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function report(speeds: readonly JournalSpeed[], live: LiveRuns, cost: JournalCost): void {
  const machine = describeMachine();
  const { minimum, median, maximum } = spread(speeds.map(({ values, seconds }) => values / seconds));
  const byCpu = spread(speeds.map(({ values, cpuSeconds }) => values / cpuSeconds)).median;
  const overhead = cost.journalCpuSeconds / cost.runSeconds;
  const passed = median >= target.valuesPerSecond && live.lost + live.wrong === 0 && overhead < target.overhead;
  process.exitCode = passed ? 0 : 1;
  if (options.json) {
    console.log(JSON.stringify({ atMs: Date.now(), machine, load: loadavg()[0], speeds, live, cost, passed }));
    return;
  }
  const [{ records, bytes }] = speeds as [JournalSpeed];
  const { lagMs, answerMs } = live;
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const percent = (part: number) => `${(100 * part).toFixed(3)} %`;
  const size = `${formatCount(records)} records of 10 values, ${formatBytes(bytes)}`;
  console.log(describeConditions(machine));
  formatTable([
    ['what', 'measured', 'target'],
    [
      `values a second, following a journal (${size}; ${speeds.length} rounds)`,
      `${formatCount(Math.round(median))} (${formatCount(Math.round(minimum))} to ${formatCount(Math.round(maximum))})`,
      `≥ ${formatCount(target.valuesPerSecond)}`,
    ],
    ['… a second of processor time', formatCount(Math.round(byCpu)), '–'],
    [
      `${live.runs} live runs, ${formatCount(live.valuesAMinute)} values a minute each, ${live.seconds} s: records lost, wrong, of`,
      `${live.lost}, ${live.wrong}, ${formatCount(live.written)}`,
      '0, 0',
    ],
    [
      '… age of what a client is told: first third, last third, 95th percentile',
      `${ms(lagMs.firstThird)}, ${ms(lagMs.lastThird)}, ${ms(lagMs.p95)}`,
      'not growing',
    ],
    ['… answer of the host meanwhile: median, 95th percentile', `${ms(answerMs.median)}, ${ms(answerMs.p95)}`, '–'],
    [
      `journal's share of a run (WebAssembly, batch 1, ${cost.iterations} iterations in ${cost.runSeconds.toFixed(1)} s): computing`,
      percent(overhead),
      '< 1 %',
    ],
    ['… on the clock', percent(cost.journalSeconds / cost.runSeconds), '–'],
    ['… waiting for the disk before checkpoints', percent(cost.syncSeconds / cost.runSeconds), '–'],
  ]).forEach((line) => console.log(line));
}
