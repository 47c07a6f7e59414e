/** Looking inside: two networks compared, what is shown as files, and one's own weights. */
import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSafetensors } from '../core/files/safetensors.ts';
import { createTraceFactors, rightFactors, traceValue } from '../core/inspection/trace-factors.ts';
import { smallSpec } from './support/small-runs.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

let workbench: Workbench;
test.beforeEach(async () => {
  workbench = await openWorkbench();
});
test.afterEach(() => workbench.close());

const neurons = 17;

async function train(spec = smallSpec({ episodes: 300 })) {
  const client = await workbench.connect();
  await client.api.host.changeSettings({ minimumFreeBytes: 0 });
  const [run] = await client.api.runs.create({ specs: [spec] });
  for await (const _update of client.followRun(run!.id));
  return { ...client, id: run!.id };
}
const lookInside = (page: Page, id: string, query = '') => page.goto(`app://engram/#/runs/${id}?tab=inside${query}`);

test('two checkpoints are compared by keyboard: exact differences of every matrix at any step', async () => {
  const { page, data } = workbench;
  const { api, id } = await train();
  const other = await train(smallSpec({ episodes: 60, seed: 2 }));
  await lookInside(page, id, '&step=4&synapse=2&post=5&episode=3');
  const beside = page.getByRole('region', { name: 'Beside' });
  await beside.getByRole('button', { name: 'Shown beside' }).focus();
  await page.keyboard.press('Enter');
  const search = page.getByRole('combobox', { name: 'Find a checkpoint or run' });
  await search.fill('seed 2');
  await expect(page.getByRole('listbox').getByRole('option')).toHaveCount(1);
  await search.fill('this run after 100');
  await page.keyboard.press('Enter');
  await expect(beside.getByRole('button', { name: 'Shown beside' })).toHaveText('this run after 100 episodes');

  const { checkpoints } = await api.runs.get({ run: id });
  const early = checkpoints.find(({ episodes, removed }) => episodes === 100 && !removed)!;
  const look = async (file: string) => {
    const { file: episode, weights, eta, labels } = await api.inspector.episode({ run: id, file, seed: 3 });
    const read = (path: string) => decodeSafetensors(readFileSync(join(data, path))).arrays;
    const y = read(episode)['y']!.data as Float32Array;
    const factors = createTraceFactors({ rule: 'hebb', eta: eta!, steps: labels.length, neurons, y });
    const [w, alpha] = ['w', 'alpha'].map((name) => read(weights)[name]!.data[2 * neurons + 5]!);
    return { steps: labels.length, factors, w: w!, alpha: alpha! };
  };
  const sides = [await look(early.file), await look(checkpoints.at(-1)!.file)];
  const [there, here] = sides;
  const wanted = (step: number) => {
    const hebb = sides.map(({ factors }) => traceValue(factors, rightFactors(factors, step), 2, 5));
    return {
      w: there!.w - here!.w,
      alpha: there!.alpha - here!.alpha,
      hebb: hebb[0]! - hebb[1]!,
      plastic: there!.alpha * hebb[0]! - here!.alpha * hebb[1]!,
      total: there!.w + there!.alpha * hebb[0]! - (here!.w + here!.alpha * hebb[1]!),
    };
  };
  const scrubber = page.getByRole('slider', { name: 'Step of the episode' });
  const compare = async (step: number) => {
    for (const [name, value] of Object.entries(wanted(step)))
      await expect(page.locator(`[data-panel=difference-${name}]`)).toHaveAttribute('data-value', String(value));
  };
  await compare(4);
  await scrubber.focus();
  await page.keyboard.press('End');
  await compare(here!.steps);

  // Another run, and one of its checkpoints; the address keeps it.
  await beside.getByRole('button', { name: 'Shown beside' }).click();
  await search.fill('seed 2');
  await page.keyboard.press('Enter');
  await beside.getByLabel(/^Checkpoint of/).selectOption('60 episodes');
  await expect.poll(() => page.url()).toContain(`beside=${other.id}%2F`);
  await beside.getByRole('button', { name: 'Nothing beside' }).click();
  await expect(page.getByRole('region', { name: 'Difference' })).toHaveCount(0);
  await page.goto('app://engram/#/runs');
  await lookInside(page, id, `&beside=${other.id}/checkpoints/none`);
  await expect(beside.getByRole('alert')).toContainText('has no checkpoint "checkpoints/none"');
  expect(workbench.complaints).toEqual([]);
});
