/** Comparing: two groups with their bands, only what differs, and the numbers as a file. */
import { expect, test } from '@playwright/test';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSerious } from './support/axe.ts';
import { smallSpec } from './support/small-runs.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

let workbench: Workbench;
let folder: string;
test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'engram-compare-'));
  workbench = await openWorkbench();
});
test.afterEach(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true });
});

test('two groups of seeds: median and band, the table of differences, every value as CSV', async () => {
  const { page, app } = workbench;
  const { api, followRun } = await workbench.connect();
  await api.host.changeSettings({ minimumFreeBytes: 0, cpuSlots: 2 });
  const specs = [0.003, 0.001].flatMap((learningRate) =>
    [1, 2].map((seed) => smallSpec({ seed, episodes: 200, settings: { learningRate } })),
  );
  const ids = (await api.runs.create({ specs })).map(({ id }) => id);
  for (const id of ids) for await (const _update of followRun(id));

  // Nothing yet: the page says how to choose, and lets one choose.
  await page.goto('app://engram/#/compare');
  await page.getByRole('button', { name: 'Choose runs' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add runs' });
  await expect(dialog.getByRole('checkbox', { name: /seed/ })).toHaveCount(4);
  expect(await findSerious(page)).toEqual([]);
  await dialog.getByRole('checkbox', { name: 'All of these' }).check();
  await dialog.getByRole('button', { name: 'Add 4 runs' }).click();

  // Two medians and, faintly, four runs.
  const chart = page.getByRole('slider', { name: /^Relative error along/ });
  await expect(chart).toHaveAttribute('data-lines', '6');
  await expect(chart).toHaveAttribute('data-bands', '2');
  const table = page.getByRole('table');
  await expect(table.getByRole('columnheader')).toHaveText([
    'Group',
    'Runs',
    'Learning rate',
    'Episodes',
    /Relative error/,
    'Final relative error',
    'Final loss',
    'Actions',
  ]);
  await expect(table.getByRole('row')).toHaveCount(3);
  await expect(table.getByRole('row', { name: /0.001/ })).toContainText('2');

  // Exactly what the host has, at the cursor.
  await chart.focus();
  await page.keyboard.press('Home');
  const firsts = await Promise.all(ids.slice(0, 2).map(async (run) => (await api.metrics.at({ run, iteration: 1 }))['relativeError']!));
  const median = (firsts[0]! + firsts[1]!) / 2;
  await expect(table.getByTitle(new RegExp(`^median ${String(median).slice(0, 9).replace('.', '\\.')}`)).first()).toBeVisible();

  // Each run by itself; one is taken away.
  await page.getByRole('combobox', { name: 'Grouped by' }).selectOption('Each run by itself');
  await expect(chart).toHaveAttribute('data-lines', '4');
  await expect(table.getByRole('row')).toHaveCount(5);
  await table
    .getByRole('button', { name: /^Remove/ })
    .last()
    .click();
  await expect(table.getByRole('row')).toHaveCount(4);
  expect(await findSerious(page)).toEqual([]);

  // Three runs of two hundred iterations, every one of them.
  for (const [label, ending] of [
    ['Every value (CSV)', 'csv'],
    ['Drawing (SVG)', 'svg'],
    ['Picture (PNG)', 'png'],
  ] as const) {
    const path = join(folder, `chart.${ending}`);
    await app.evaluate(({ dialog: dialogs }, filePath) => {
      dialogs.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, path);
    await page.getByRole('button', { name: /^Export comparison/ }).click();
    await page.getByRole('menuitem', { name: label }).click();
    await expect.poll(() => existsSync(path)).toBe(true);
  }
  await expect(page.getByText(/Saved .*chart\.png/)).toBeVisible();
  const [head, ...lines] = readFileSync(join(folder, 'chart.csv'), 'utf8').trimEnd().split('\n');
  expect(head).toBe('run,name,experiment,variant,seed,iteration,episodes,seconds,relativeError');
  expect(lines).toHaveLength(600);
  // Which of the runs of one moment was the last, and so taken away, is decided by their ids.
  const kept = ids.filter((id) => lines.some((each) => each.startsWith(`${id},`)));
  expect(kept).toHaveLength(3);
  const exact = (await api.metrics.at({ run: kept[0]!, iteration: 123 }))['relativeError'];
  const line = lines.find((each) => each.startsWith(`${kept[0]!},`) && each.split(',')[5] === '123');
  expect(line?.split(',').at(-1)).toBe(String(exact));
  const svg = readFileSync(join(folder, 'chart.svg'), 'utf8');
  expect(svg.match(/stroke-width="1.5"/g)).toHaveLength(3);
  expect(readFileSync(join(folder, 'chart.png')).subarray(1, 4).toString()).toBe('PNG');
  expect(workbench.complaints).toEqual([]);
});
