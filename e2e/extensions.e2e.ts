/** A task, a network and a rule of the user's, from the form to a run whose file has gone. */
import { expect, test } from '@playwright/test';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { templatePath } from '../main/extensions/write-template.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

let workbench: Workbench;
test.beforeAll(async () => {
  workbench = await openWorkbench();
});
test.afterAll(() => workbench.close());

test('what the user adds while the window is open is in the form, is trained, and can be looked at when it has gone', async () => {
  const { page, complaints, data } = workbench;
  const { api } = await workbench.connect();
  await api.host.changeSettings({ minimumFreeBytes: 0 });
  await page.goto('app://engram/#/new?experiment=binary');
  const field = (name: string) => page.getByRole('textbox', { name, exact: true });
  await expect(field('Bits')).toBeVisible();

  const folder = join(data, 'extensions');
  mkdirSync(folder);
  copyFileSync(templatePath('task'), join(folder, 'paired.ts'));
  copyFileSync(templatePath('network'), join(folder, 'leaky.ts'));
  copyFileSync(templatePath('rule'), join(folder, 'mirrored.ts'));
  writeFileSync(join(folder, 'broken.ts'), 'export default {\n  kind: ;\n');
  await page.goto('app://engram/#/runs');
  await expect(field('Bits')).toHaveCount(0);
  await page.goto('app://engram/#/new?experiment=binary');
  await expect(page.getByRole('radio', { name: /^leaky/ })).toBeVisible();
  await expect(page.getByText('Cannot be used: broken.ts, line 2: ')).toBeVisible();
  await expect(page.getByText('Paired recall')).toBeVisible();
  await page.getByRole('link', { name: /^Paired recall/ }).click();
  await expect(field('Pairs')).toHaveValue('3');
  await field('Episodes').fill('40');
  await expect(field('Leak')).toHaveCount(0);
  await page.getByRole('radio', { name: /^leaky/ }).check();
  await field('Leak').fill('0.4');
  await page.getByRole('button', { name: 'Start run' }).click();
  await expect(page).toHaveURL(/#\/runs\/2/);
  const id = page.url().split('/').at(-1)!;
  await expect.poll(async () => (await api.runs.get({ run: id })).status, { timeout: 60_000 }).toBe('finished');
  const { spec, environment } = await api.runs.get({ run: id });
  expect([spec.experiment, spec.variant, spec.parameters['leak']]).toEqual(['paired', 'leaky', 0.4]);
  expect(spec.extensions!.map(({ name }) => name).sort()).toEqual(['leaky', 'paired']);
  expect(environment['network leaky']).toMatch(/^SHA-256 [0-9a-f]{64}$/);

  // Its rule is nobody's else: the trace comes as it was computed, step by step.
  await page.goto('app://engram/#/new?experiment=paired');
  await field('Episodes').fill('12');
  await expect(field('Decay')).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Rule', exact: true }).selectOption('mirrored');
  await field('Decay').fill('0.5');
  await page.getByRole('button', { name: 'Start run' }).click();
  await expect(page).toHaveURL(/#\/runs\/2/);
  const ruled = page.url().split('/').at(-1)!;
  await expect.poll(async () => (await api.runs.get({ run: ruled })).status, { timeout: 60_000 }).toBe('finished');
  expect((await api.runs.get({ run: ruled })).spec.parameters['decay']).toBe(0.5);
  await page.goto(`app://engram/#/runs/${ruled}?tab=inside&step=9&synapse=2&post=3`);
  await expect(page.getByRole('button', { name: /^hebb/ })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('region', { name: 'Attribution' }).getByRole('rowheader')).toHaveText(['w', 'input', 'the trace', 'sum']);
  await expect(page.getByRole('region', { name: 'The trace as a whole' })).toBeVisible();

  rmSync(folder, { recursive: true });
  await page.goto(`app://engram/#/runs/${id}`);
  await expect(page.getByText(/wrong bits/i).first()).toBeVisible();
  await expect(api.runs.resume({ run: id, episodes: 80 })).rejects.toThrow(/is not in .*any more/);
  await page.goto('app://engram/#/new?experiment=binary');
  await expect(field('Bits')).toBeVisible();
  await expect(page.getByText('Paired recall')).toHaveCount(0);
  await expect(page.getByRole('radio', { name: /^leaky/ })).toHaveCount(0);
  expect(complaints).toEqual([]);
});
