/** An experiment beside images: its own score, in its own words, wherever runs are made, shown and compared. */
import { expect, test } from '@playwright/test';
import { createRunSpec } from '../core/experiments/create-run-spec.ts';
import { findSerious } from './support/axe.ts';
import { smallSpec } from './support/small-runs.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

let workbench: Workbench;
test.beforeEach(async () => {
  workbench = await openWorkbench();
});
test.afterEach(() => workbench.close());

/** Trained in seconds: patterns of 20 bits. */
const smallBinary = (seed: number) =>
  createRunSpec({
    experiment: 'binary',
    backend: 'wasm',
    episodes: 60,
    seed,
    settings: { bits: 20, patterns: 2, presentationSteps: 2, evaluationEvery: 30, evaluationEpisodes: 5 },
  });

test('binary patterns are put together without a data set, and judged by wrong bits in per cent', async () => {
  const { page } = workbench;
  const { api, followRun } = await workbench.connect();
  await api.host.changeSettings({ minimumFreeBytes: 0 });

  await page.goto('app://engram/#/new?experiment=binary');
  const form = page.getByRole('form', { name: 'Settings' });
  await expect(form.getByRole('textbox', { name: 'Bits', exact: true })).toHaveValue('1000');
  await expect(form.getByRole('group', { name: 'Backend' })).toBeVisible();
  await expect(form.getByRole('group', { name: 'Data set' })).toHaveCount(0);
  await expect(page.getByRole('img', { name: /^10 presentations/ })).toBeVisible();
  for (const [name, value] of [
    ['Bits', '20'],
    ['Patterns', '2'],
    ['Presentation steps', '2'],
    ['Episodes', '60'],
    ['Evaluation every', '30'],
    ['Evaluation episodes', '5'],
  ] as const)
    await form.getByRole('textbox', { name, exact: true }).fill(value);
  await form.getByRole('combobox', { name: 'Backend' }).selectOption('wasm');
  await page.getByRole('button', { name: 'Start run' }).click();
  await expect(page).toHaveURL(/#\/runs\/\d/);
  const id = page.url().split('/').at(-1)!;
  for await (const _update of followRun(id));

  // Its page: two curves, and the numbers.
  const { score, picture, evaluations } = await api.runs.get({ run: id });
  expect(score).toBeGreaterThan(0);
  expect([picture, evaluations.length]).toEqual(['picture.png', 2]);
  await expect(page.getByRole('slider', { name: /^(Loss|Wrong bits) along/ })).toHaveCount(2);
  const results = page.getByRole('complementary', { name: 'About the run' });
  await expect(results.getByText('Wrong bits', { exact: true })).toBeVisible();
  await expect(results.getByText(/^[\d.]+ %$/)).toHaveCount(2);
  await expect(results.getByRole('img', { name: /the incomplete one/ })).toBeVisible();
  await expect(page.getByText(/relative error|reconstruct/i)).toHaveCount(0);
  await page.getByRole('tab', { name: 'Configuration' }).click();
  await expect(page.getByText('Bits', { exact: true })).toBeVisible();
  await expect(page.getByText('Dataset', { exact: true })).toHaveCount(0);
  await page.getByRole('tab', { name: 'Checkpoints' }).click();
  await expect(page.getByRole('columnheader', { name: 'Held-out wrong bits' })).toBeVisible();
  expect(await findSerious(page)).toEqual([]);
  expect(workbench.complaints).toEqual([]);
});

test('runs of two experiments stand in one table and one comparison, each by its own score', async () => {
  const { page } = workbench;
  const { api, followRun } = await workbench.connect();
  await api.host.changeSettings({ minimumFreeBytes: 0 });
  const runs = await api.runs.create({ specs: [smallSpec(), smallBinary(1), smallBinary(2)] });
  const ids = runs.map(({ id }) => id);
  for (const id of ids) for await (const _update of followRun(id));
  const [error, wrongBits] = await Promise.all(ids.slice(0, 2).map(async (run) => (await api.runs.get({ run })).score!));

  await page.goto('app://engram/#/runs');
  const table = page.getByRole('grid');
  await expect(table.getByRole('columnheader', { name: 'Score' })).toBeVisible();
  await expect(table.getByTitle(`relative error ${error}, lower is better`)).not.toContainText('%');
  await expect(table.getByTitle(`wrong bits ${100 * wrongBits!} %, lower is better`)).toContainText('%');
  const filter = page.getByRole('combobox', { name: /filter/i });
  await filter.fill(`experiment:binary score<=${100 * wrongBits! + 0.01}%`);
  await expect(table.getByTitle(/relative error/)).toHaveCount(0);
  await expect(table.getByTitle(/wrong bits/)).not.toHaveCount(0);

  // The metric is the first run's score; what others are judged by has no place beside it.
  await page.goto(`app://engram/#/compare?runs=${[ids[1], ids[2], ids[0]].join(',')}&by=none`);
  await expect(page.getByRole('slider', { name: /^Wrong bits along/ })).toHaveAttribute('data-lines', '2');
  await expect(page.getByRole('heading', { name: 'Final wrong bits' })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Final values/ }).locator('circle')).toHaveCount(2);
  const rows = page.getByRole('table').getByRole('row');
  await expect(page.getByRole('columnheader', { name: 'Final score' })).toBeVisible();
  await expect(
    rows
      .filter({ hasText: 'binary' })
      .first()
      .getByRole('cell', { name: /^[\d.]+ %$/ }),
  ).not.toHaveCount(0);
  await expect(rows.filter({ hasText: 'images' }).getByRole('cell', { name: /%$/ })).toHaveCount(0);
  // Of parameters, only those that some of these runs share can differ.
  await expect(page.getByRole('columnheader', { name: 'Image size' })).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Metric' }).selectOption('Relative error');
  await expect(page.getByRole('slider', { name: /^Relative error along/ })).toHaveAttribute('data-lines', '1');
  expect(await findSerious(page)).toEqual([]);
  expect(workbench.complaints).toEqual([]);
});
