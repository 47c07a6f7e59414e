/** Whether a lab survives what may happen to it: kills and power cuts at random moments of live runs. Linux only: it looks for processes in /proc. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTable } from '../main/cli/format.ts';
import { readOptions } from './options.ts';
import { connectLab, endAll, findProcesses, listAll, seeds, slots, smallSpec, until } from './faults/fault-lab.ts';
import { historyOf, type Reference } from './faults/judge.ts';
import { killCampaign } from './faults/kill-campaign.ts';
import { makePlaces } from './faults/places.ts';
import { powerCampaign } from './faults/power-campaign.ts';

const { times, json, campaigns } = readOptions(process.argv.slice(2));
const say = (line: string) => void process.stderr.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'engram-faults-'));

/** The same runs when nothing disturbs them. */
async function trainUndisturbed(dataFolder: string): Promise<Reference> {
  const client = await connectLab(dataFolder);
  await client.api.host.changeSettings({ cpuSlots: slots, minimumFreeBytes: 0 });
  const runs = await client.api.runs.create({ specs: seeds.map(smallSpec) });
  await until('the undisturbed runs', async () => (await listAll(client)).every(({ status }) => status === 'finished'), 600);
  await client.api.host.stop();
  client.close();
  await until('the host has left', () => findProcesses(dataFolder).length === 0);
  return new Map(runs.map(({ id, spec }) => [spec.seed, historyOf(dataFolder, id).metrics.map(({ values }) => values['loss']!)]));
}

try {
  const places = makePlaces(folder);
  say('training the same runs undisturbed');
  const reference = await trainUndisturbed(join(folder, 'reference'));
  const kill = campaigns.includes('kill') ? await killCampaign(join(folder, 'kill'), places, reference, times, say) : undefined;
  const power = campaigns.includes('power') ? await powerCampaign(join(folder, 'power'), places, reference, times, say) : undefined;
  const faults = [...(kill?.faults ?? []), ...(power?.faults ?? [])];
  if (json) console.log(JSON.stringify({ kill, power, passed: faults.length === 0 }));
  else {
    const rows = [['campaign', 'what', 'figure']];
    if (kill !== undefined) {
      const { host, trainer, both } = kill.kills;
      const { verdict } = kill;
      rows.push(['kill', 'kills of host, trainer, both', `${host}, ${trainer}, ${both}`]);
      rows.push(['', 'runs; journal records; metrics that count', `${verdict.runs}; ${verdict.records}; ${verdict.metrics}`]);
      rows.push(['', 'trainers that outlived their host and were followed again', String(kill.outlived)]);
      rows.push(['', 'most that a killed trainer lost', `${kill.mostLostMs.toFixed(0)} ms`]);
    }
    if (power !== undefined) {
      rows.push(['power cut', 'cuts; live runs at them; resumed', `${power.cuts}; ${power.live}; ${power.resumed}`]);
      rows.push(['', 'most lost, mean lost', `${power.mostLostMs.toFixed(0)} ms, ${power.meanLostMs.toFixed(0)} ms`]);
    }
    rows.push(['all', 'faults', String(faults.length)]);
    formatTable(rows).forEach((line) => console.log(line));
    faults.forEach((fault) => console.log(`fault: ${fault}`));
    console.log(faults.length === 0 ? 'passed' : 'failed');
  }
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  // A campaign that broke off must leave nothing behind.
  for (const name of readdirSync(folder)) endAll(join(folder, name));
  if (process.exitCode === 0) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  else say(`what was found is left in ${folder}`);
}
process.exit();
