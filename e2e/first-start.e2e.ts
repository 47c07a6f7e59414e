import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { openWorkbench, type Workbench } from './support/workbench.ts';

let workbench: Workbench;
test.beforeEach(async () => {
  workbench = await openWorkbench();
});
test.afterEach(() => workbench.close());

test('opens, reaches its host, and complains about nothing', async () => {
  const { page, complaints } = workbench;
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
  await expect(page.getByText('host', { exact: true })).toBeVisible();
  expect(complaints).toEqual([]);
});

test('offers one click to a live learning curve', async () => {
  const { page, complaints } = workbench;
  const card = page.getByRole('region', { name: 'Train a plastic network on the built-in photographs' });
  await expect(card.getByRole('link', { name: 'Choose an experiment…' })).toBeVisible();
  await expect(card.getByRole('button', { name: 'Import an archive…' })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);

  const clickedMs = Date.now();
  await card.getByRole('button', { name: 'Start training' }).click();
  await expect(page).toHaveURL(/#\/runs\/2/);
  const run = page.url().split('/').at(-1)!;
  const { api } = await workbench.connect();
  // A curve needs several points, and here it also has to fall: of a network that answers nothing, the relative error is 1.
  const watch = async () => (await api.runs.get({ run })).iteration;
  await expect.poll(watch, { timeout: 60_000, intervals: [200] }).toBeGreaterThan(20);
  await expect(page.locator('canvas').first()).toBeVisible();
  test
    .info()
    .annotations.push({ type: 'seconds from the click to a curve of 20 points', description: String((Date.now() - clickedMs) / 1000) });
  await expect.poll(async () => (await api.runs.get({ run })).score ?? 1, { timeout: 80_000 }).toBeLessThan(0.8);
  await api.runs.stop({ run, now: true });
  expect(complaints).toEqual([]);
});
