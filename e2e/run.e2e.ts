/** The page of a run: live curves with exact values, what can be done with it, and one that failed. */
import { expect, test, type Page } from '@playwright/test';
import { findSerious } from './support/axe.ts';
import { failOnGoneData } from './support/gone-data.ts';
import { smallSpec } from './support/small-runs.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

let workbench: Workbench;
test.beforeEach(async () => {
  workbench = await openWorkbench();
});
test.afterEach(() => workbench.close());

const goTo = (page: Page, id: string, tab = '') => page.goto(`app://engram/#/runs/${id}${tab === '' ? '' : `?tab=${tab}`}`);
const lossChart = (page: Page) => page.getByRole('slider', { name: /^Loss along/ });

async function begin(episodes: number) {
  const client = await workbench.connect();
  await client.api.host.changeSettings({ minimumFreeBytes: 0 });
  const [run] = await client.api.runs.create({ specs: [smallSpec({ episodes })] });
  return { ...client, id: run!.id };
}

test('a live run: its curve grows, it is named, noted, paused, resumed and stopped from its page', async () => {
  const { page } = workbench;
  const { api, id } = await begin(1_000_000);
  await goTo(page, id);
  const header = page.getByRole('banner').or(page.locator('header'));
  await expect(header.getByText('running', { exact: true })).toBeVisible();

  const latest = page.getByRole('status', { name: /^Loss at iteration/ });
  const iteration = async () => Number((await latest.getAttribute('data-iteration')) ?? 0);
  await expect.poll(iteration).toBeGreaterThan(0);
  const seen = await iteration();
  await expect.poll(iteration).toBeGreaterThan(seen + 50);

  await page.keyboard.press('F2');
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('a long one');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'a long one' })).toBeVisible();

  await page.keyboard.press('n');
  await page.getByRole('textbox', { name: 'Note' }).fill('Watch its eta.');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('button', { name: 'Watch its eta.' })).toBeVisible();
  expect(await api.runs.get({ run: id })).toMatchObject({ name: 'a long one', note: 'Watch its eta.' });

  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(header.getByText('paused', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(header.getByText('running', { exact: true })).toBeVisible();
  const before = await iteration();
  await expect.poll(iteration).toBeGreaterThan(before);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(header.getByText('stopped', { exact: true })).toBeVisible();

  await page.getByRole('tab', { name: 'Checkpoints' }).click();
  const { checkpoints } = await api.runs.get({ run: id });
  const newest = page.getByRole('row', { name: /resumes from here/ });
  await expect(newest).toContainText(checkpoints.at(-1)!.iteration.toLocaleString('en'));
  await newest.getByRole('button', { name: 'Evaluate' }).click();
  await expect(page.getByText(/over 5 held-out episodes/).first()).toBeVisible();
  await expect(newest).not.toContainText('–');
  expect((await api.runs.get({ run: id })).evaluations).toHaveLength(1);
});

test('the value at the cursor is exactly the one of the host, by mouse and by keyboard', async () => {
  const { page } = workbench;
  const { api, id, followRun } = await begin(1500);
  for await (const _update of followRun(id));
  await goTo(page, id, 'curves');
  const chart = lossChart(page);
  await expect(chart).toHaveAttribute('data-lines', '1');
  const value = page.getByRole('status', { name: /^Loss at iteration/ });
  // The exact value of a place that the cursor has just reached may still be on its way.
  const check = async () => {
    let iteration = 0;
    await expect(async () => {
      iteration = Number(await value.getAttribute('data-iteration'));
      const exact = (await api.metrics.at({ run: id, iteration }))['loss'];
      expect(await value.getAttribute('title')).toBe(String(exact));
    }).toPass();
    return iteration;
  };

  const box = (await chart.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + 40);
  await expect(value).not.toHaveAttribute('data-iteration', '1500');
  expect(Math.abs((await check()) - 750)).toBeLessThan(150);
  await page.mouse.move(0, 0);
  await expect(value).toHaveAttribute('data-iteration', '1500');

  await chart.focus();
  await page.keyboard.press('Home');
  await expect(chart).toHaveAttribute('aria-valuetext', /^episode [1-3]: Loss/);
  await check();
  for (let times = 0; times < 8; times++) await page.keyboard.press('+');
  await expect(page.getByRole('button', { name: 'Show everything' })).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(chart).toHaveAttribute('aria-valuetext', /^episode \d+: Loss/);
  await check();
  await page.keyboard.press('0');
  await expect(page.getByRole('button', { name: 'Show everything' })).toBeHidden();

  for (const tab of ['overview', 'curves', 'checkpoints', 'configuration', 'log', 'events', 'environment']) {
    await goTo(page, id, tab);
    await expect(page.getByRole('tab', { selected: true })).toHaveAttribute('id', `tab-${tab}`);
    expect(await findSerious(page), tab).toEqual([]);
  }
  expect(workbench.complaints).toEqual([]);
});

test('a failed run opens on what happened, and what can be done', async () => {
  const { page } = workbench;
  const client = await workbench.connect();
  await client.api.host.changeSettings({ minimumFreeBytes: 0 });
  const run = await failOnGoneData(client, (dataset) => smallSpec({ dataset }));
  await goTo(page, run.id);
  const what = page.getByRole('region', { name: 'This run failed' });
  await expect(what.getByText(`the data set "${run.spec.dataset!}" does not exist`, { exact: true })).toBeVisible();
  await expect(what.getByText('It has no checkpoint: trying again begins anew.')).toBeVisible();
  await expect(what.getByLabel('The end of its log')).toContainText(run.spec.dataset!);
  expect(await findSerious(page)).toEqual([]);
  await what.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(async () => (await client.api.runs.get({ run: run.id })).attempts).toBe(2);
  await page.keyboard.press('c');
  await expect(page).toHaveURL(new RegExp(`/new\\?from=${run.id}`));
});
