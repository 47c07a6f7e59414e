import { expect, test } from '@playwright/test';
import { createRunSpec } from '../core/experiments/create-run-spec.ts';
import type { HostClient } from '../main/host-client/connect-host.ts';
import { findSerious } from './support/axe.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

let workbench: Workbench;
let client: HostClient;
test.beforeAll(async () => {
  workbench = await openWorkbench();
  client = await workbench.connect();
  // Nothing trains here: what is queued stays to be looked at.
  await client.api.host.changeSettings({ cpuSlots: 0, gpuSlots: 0 });
});
test.afterAll(() => workbench.close());
test.beforeEach(async () => {
  const { page } = workbench;
  await page.goto('app://engram/#/runs');
  await page.evaluate(() => sessionStorage.clear());
  await page.reload();
});

const field = (name: string) => workbench.page.getByRole('textbox', { name, exact: true });
const line = (name: string) => workbench.page.getByRole('group', { name, exact: true });

async function open(route = '/new') {
  await workbench.page.goto(`app://engram/#${route}`);
  await expect(field('Image size')).toBeVisible();
}

const runs = async () => (await client.api.runs.list({ sort: [{ by: 'createdAt', descending: false }] })).runs;

test('begins with the preset, says what will happen, and breaks no rule of accessibility', async () => {
  const { page, complaints } = workbench;
  await open();
  await expect(field('Image size')).toHaveValue('32');
  await expect(field('Learning rate')).toHaveValue('1e-4');
  await expect(line('Image size')).toContainText('the paper’s value');
  await expect(line('Checkpoint every')).not.toContainText('the paper’s value');
  await expect(page.getByRole('img', { name: '9 presentations, 201 steps an episode' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'What will happen' })).toContainText('2,101,251');
  await expect(page.getByRole('region', { name: 'What will happen' })).toContainText('not for photographs');
  await expect(page.getByText('Differences from the paper')).toBeVisible();
  await expect(page.getByText('npm start -- train images')).toBeVisible();
  await field('Image size').focus();
  await expect(page.getByText('A multiple of 2 from 4 to 64.')).toBeVisible();

  await field('Presentations per pattern').fill('1');
  await expect(page.getByRole('img', { name: '3 presentations, 69 steps an episode' })).toBeVisible();
  expect(await findSerious(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test('tells a broken rule at its field, and starts nothing', async () => {
  const { page } = workbench;
  const before = (await runs()).length;
  await open();
  await field('Image size').fill('33');
  await expect(line('Image size')).toContainText('a multiple of 2 from 4 to 64');
  await expect(field('Image size')).toHaveAttribute('aria-invalid', 'true');
  await field('Seeds').fill('5..1');
  await expect(page.getByText('2 fields break their rules')).toBeVisible();
  await page.getByRole('button', { name: 'Start run' }).click();
  await expect(field('Seeds')).toBeFocused();
  await field('Seeds').fill('7');
  await page.keyboard.press('Control+Enter');
  await expect(field('Image size')).toBeFocused();
  expect(await runs()).toHaveLength(before);

  await page.getByRole('button', { name: 'Reset Image size to 32' }).click();
  await expect(field('Image size')).toHaveValue('32');
  await page.getByRole('button', { name: 'Reset all (1)' }).click();
  await expect(field('Seeds')).toHaveValue('1');
});

test('goes by the arrow keys, and keeps what was typed when somebody leaves', async () => {
  const { page } = workbench;
  await open();
  await field('Image size').press('ArrowUp');
  await field('Learning rate').fill('3e-4');
  await field('Learning rate').press('ArrowDown');
  await page.getByRole('radio', { name: /^yoked/ }).check();
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Data sets' }).click();
  await open();
  await expect(field('Image size')).toHaveValue('34');
  await expect(field('Learning rate')).toHaveValue('2e-4');
  await page.reload();
  await expect(field('Learning rate')).toHaveValue('2e-4');
  await expect(page.getByRole('radio', { name: /^yoked/ })).toBeChecked();
});

test('makes a run of each seed, and copies the command that would', async () => {
  const { page, app } = workbench;
  const before = (await runs()).length;
  await open();
  await field('Seeds').fill('1..3');
  await field('Learning rate').fill('3e-4');
  await field('Group').fill('alpha sweep');
  await field('Tags').fill('paper, small');
  await page.getByRole('button', { name: 'Copy command' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe(
    'npm start -- train images --seeds 1..3 --set learningRate=0.0003 --group "alpha sweep" --tag paper --tag small',
  );
  await page.getByRole('button', { name: 'Start 3 runs' }).click();
  await expect(page).toHaveURL(/#\/runs$/);
  const made = (await runs()).slice(before).sort((a, b) => (a.queuePlace ?? 0) - (b.queuePlace ?? 0));
  expect(made.map(({ spec }) => spec)).toEqual(
    [1, 2, 3].map((seed) => createRunSpec({ experiment: 'images', seed, settings: { learningRate: 3e-4 } })),
  );
  expect(made[0]).toMatchObject({ group: 'alpha sweep', tags: ['paper', 'small'], status: 'queued' });
});

test('takes a run, changes it, and starts it before those that wait', async () => {
  const { page } = workbench;
  const spec = createRunSpec({ experiment: 'images', variant: 'yoked', seed: 5, settings: { patterns: 2, learningRate: 0.002 } });
  const [first] = await client.api.runs.create({ specs: [spec], name: 'the one before' });
  await open(`/new?from=${first!.id}`);
  await expect(page.getByRole('heading', { name: 'New run, like the one before' })).toBeVisible();
  await expect(field('Learning rate')).toHaveValue('0.002');
  await expect(line('Patterns')).not.toContainText('the paper’s value');
  await field('Patterns').fill('4');
  await page.getByRole('button', { name: 'Start run' }).click();
  await expect(page).toHaveURL(/#\/runs\/2/);
  const id = page.url().split('/').at(-1)!;
  const { spec: made, queuePlace } = await client.api.runs.get({ run: id });
  expect(made).toEqual({ ...spec, parameters: { ...spec.parameters, patterns: 4 } });
  expect(queuePlace).toBe(1);
});

test('fills in a preset by keyboard, marks it, and names it in the command line', async () => {
  const { page, complaints } = workbench;
  const command = page.locator('code');
  const before = (await runs()).length;
  await page.goto('app://engram/#/new?experiment=binary');
  const presets = page.getByRole('group', { name: 'Preset' });
  const preset = (name: RegExp) => presets.getByRole('radio', { name });
  await expect(preset(/^defaults/)).toBeChecked();
  await expect(presets).toContainText('2 patterns of 50 bits, LSTM with 2,050 hidden units');
  await expect(presets).toContainText('arXiv 1804.02464');
  await expect(field('Bits')).toHaveValue('1000');
  await expect(command).toHaveText('npm start -- train binary');

  await field('Name').fill('by a preset');
  await preset(/^defaults/).focus();
  await page.keyboard.press('ArrowDown');
  await expect(preset(/^small 2/)).toBeFocused();
  await expect(field('Bits')).toHaveValue('50');
  await expect(field('Episodes')).toHaveValue('5000');
  await expect(field('Name')).toHaveValue('by a preset');
  await expect(line('Bits').getByRole('button', { name: 'Reset Bits to 1000' })).toBeVisible();
  await expect(line('Bits')).toContainText('the paper’s value');
  await expect(command).toHaveText('npm start -- train binary --preset small --name "by a preset"');
  await page.keyboard.press('ArrowUp');
  await expect(command).toHaveText('npm start -- train binary --name "by a preset"');

  // What was changed by hand comes back.
  await preset(/^small 2/).check();
  await field('Bits').fill('60');
  await expect(command).toHaveText('npm start -- train binary --preset small --set bits=60 --name "by a preset"');
  await preset(/^small-lstm/).check();
  await expect(page.getByRole('radio', { name: /^lstm/ })).toBeChecked();
  await expect(field('Extra neurons')).toHaveValue('2000');
  await expect(page.getByText('The preset replaced a value that you had changed')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(preset(/^small 2/)).toBeChecked();
  await expect(field('Bits')).toHaveValue('60');
  await page.reload();
  await expect(preset(/^small 2/)).toBeChecked();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await findSerious(page)).toEqual([]);
  }

  await page.keyboard.press('Control+Enter');
  await expect(page).toHaveURL(/#\/runs\/2/);
  expect((await runs()).slice(before).map(({ spec }) => spec)).toEqual([
    createRunSpec({ experiment: 'binary', preset: 'small', settings: { bits: 60 } }),
  ]);
  expect(complaints).toEqual([]);
});

test('adds to the queue by the keyboard, and stays', async () => {
  const { page } = workbench;
  const before = (await runs()).length;
  await open();
  await field('Name').fill('by hand');
  await page.keyboard.press('Control+Shift+Enter');
  await expect(page.getByText('Added to the queue')).toBeVisible();
  expect((await runs()).slice(before)).toMatchObject([{ name: 'by hand', queuePlace: before + 1 }]);
  await expect(field('Name')).toHaveValue('by hand');
});

test('says so when there is no such run to take', async () => {
  await workbench.page.goto('app://engram/#/new?from=nothing');
  await expect(workbench.page.getByRole('heading', { name: 'This form cannot be opened' })).toBeVisible();
});
