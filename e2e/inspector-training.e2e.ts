/** Following synapses: pinned beside each other, kept by the address, through the checkpoints; and the trace as a whole. */
import { expect, test } from '@playwright/test';
import { smallSpec } from './support/small-runs.ts';
import { lookInside, trainRun } from './support/train-run.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

let workbench: Workbench;
test.beforeEach(async () => {
  workbench = await openWorkbench();
});
test.afterEach(() => workbench.close());

test('synapses are pinned, followed over training and found again; a checkpoint is chosen where all alpha are shown', async () => {
  const { page } = workbench;
  const { api, id } = await trainRun(workbench, smallSpec({ episodes: 300 }));
  await lookInside(page, id, '&step=8&synapse=2&post=5');

  await page.getByRole('button', { name: 'Pin this synapse' }).press('Enter');
  await page.getByRole('button', { name: /^w, baseline weights/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('button', { name: 'Pin this synapse' }).press('Enter');
  const pinned = page.getByRole('region', { name: 'Pinned synapses' });
  await expect(pinned.getByRole('rowheader')).toHaveText(['2 → 5', '3 → 5']);
  await expect(page.getByRole('img', { name: 'hebb of the pinned' })).toBeVisible();

  const history = await api.inspector.history({ run: id, synapses: [[2, 5]] });
  const rows = page.getByRole('region', { name: 'Over training' }).getByRole('button', { name: /^Checkpoint after/ });
  // Some iterations have two files with the same weights.
  await expect(rows).toHaveCount(new Set(history.map(({ iteration }) => iteration)).size);
  await expect(rows.last()).toHaveAttribute('aria-pressed', 'true');
  await rows.first().press('Enter');
  await expect(rows.first()).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('[data-panel=w]')).toBeVisible();
  // What is pinned last is what is chosen; its w is that of the first checkpoint now.
  await pinned.getByRole('button', { name: '2 → 5', exact: true }).press('Enter');
  await expect(page.locator('[data-panel=w]')).toHaveAttribute('data-value', String(history[0]!.w[0]));

  await expect(page.getByRole('img', { name: 'Spectrum of hebb at step 8' })).toBeVisible();
  await expect(page).toHaveURL(/pins=2-5%2C3-5|pins=2-5,3-5/);
  await page.reload();
  await expect(pinned.getByRole('rowheader')).toHaveText(['2 → 5', '3 → 5']);
  await pinned.getByRole('button', { name: 'Unpin 2 → 5' }).press('Enter');
  await expect(pinned.getByRole('rowheader')).toHaveText(['3 → 5']);
});
