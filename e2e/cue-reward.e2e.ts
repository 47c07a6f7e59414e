/** A run of cue-reward association from the form to a look inside. */
import { expect, test } from '@playwright/test';
import { findSerious } from './support/axe.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

let workbench: Workbench;
test.beforeAll(async () => {
  workbench = await openWorkbench();
});
test.afterAll(() => workbench.close());

test('a network that steers its own plasticity is started, trained and looked into', async () => {
  const { page, complaints } = workbench;
  const { api } = await workbench.connect();
  await api.host.changeSettings({ minimumFreeBytes: 0 });
  await page.goto('app://engram/#/new?experiment=cue-reward');
  const field = (name: string) => page.getByRole('textbox', { name, exact: true });
  await expect(page.getByRole('radio', { name: /^retroactive/ })).toBeChecked();
  await expect(field('Cue bits')).toHaveValue('20');
  await page
    .getByRole('group', { name: 'Preset' })
    .getByRole('radio', { name: /^small/ })
    .check();
  await expect(field('Cue bits')).toHaveValue('10');
  await field('Cues').fill('3');
  await expect(page.getByRole('group', { name: 'Cues', exact: true })).toContainText('a multiple of 2');
  await field('Cues').fill('2');
  await field('Neurons').fill('6');
  await field('Episodes').fill('40');
  expect(await findSerious(page)).toEqual([]);
  await page.getByRole('button', { name: 'Start run' }).click();
  await expect(page).toHaveURL(/#\/runs\/2/);
  const id = page.url().split('/').at(-1)!;
  await expect.poll(async () => (await api.runs.get({ run: id })).status, { timeout: 60_000 }).toBe('finished');
  const { spec, score } = await api.runs.get({ run: id });
  expect([spec.variant, spec.parameters['cues'], spec.batch, typeof score]).toEqual(['modulated', 2, 10, 'number']);

  await page.goto(`app://engram/#/runs/${id}?tab=inside`);
  await expect(page.getByRole('button', { name: /^hebb/ })).toBeVisible();
  await expect(page.getByRole('slider', { name: 'Step of the episode' })).toHaveAttribute('aria-valuemax', '60');
  expect(complaints).toEqual([]);
});
