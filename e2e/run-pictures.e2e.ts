/** Pictures of held-out episodes on a run's page: they come while it trains, stay in view, and are looked at enlarged. */
import { expect, test } from '@playwright/test';
import { findSerious } from './support/axe.ts';
import { smallSpec } from './support/small-runs.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

let workbench: Workbench;
test.beforeEach(async () => {
  workbench = await openWorkbench();
});
test.afterEach(() => workbench.close());

test('a picture an evaluation comes while a run trains, the newest in view, and each can be enlarged', async () => {
  const { page } = workbench;
  const { api } = await workbench.connect();
  await api.host.changeSettings({ minimumFreeBytes: 0 });
  const settings = { imageSize: 16, evaluationEvery: 50 };
  const [run] = await api.runs.create({ specs: [smallSpec({ episodes: 1_000_000, settings })] });
  await page.goto(`app://engram/#/runs/${run!.id}`);
  const strip = page.getByRole('list', { name: 'Held-out episodes on the way' });
  const pictures = strip.getByRole('button');
  await expect(pictures.first()).toBeVisible({ timeout: 60_000 });
  await expect(pictures).toHaveCount(4, { timeout: 120_000 });
  await expect(pictures.nth(3)).toBeInViewport({ ratio: 0.9 });
  await expect(pictures.first()).toContainText('50');
  await expect(strip.getByRole('img', { name: /shown, the degraded one, its reconstruction.*after 50 episodes/ })).toHaveJSProperty(
    'complete',
    true,
  );
  expect(
    await strip
      .getByRole('img')
      .first()
      .evaluate((image) => Number(Reflect.get(image, 'naturalWidth'))),
  ).toBeGreaterThan(100);
  expect(await findSerious(page)).toEqual([]);

  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.locator('header').getByText('stopped', { exact: true })).toBeVisible();
  const { pictures: kept } = await api.runs.get({ run: run!.id });
  await expect(pictures).toHaveCount(kept.length);

  await pictures.last().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(`${kept.length} of ${kept.length}`);
  await expect(dialog.getByRole('button', { name: 'Later picture' })).toBeDisabled();
  const source = await dialog.getByRole('img').getAttribute('src');
  await page.keyboard.press('ArrowLeft');
  await expect(dialog).toContainText(`${kept.length - 1} of ${kept.length}`);
  await expect(dialog.getByRole('img')).not.toHaveAttribute('src', source!);
  expect(await findSerious(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  expect(workbench.complaints).toEqual([]);
});
