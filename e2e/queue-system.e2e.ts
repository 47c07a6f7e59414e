import { expect, test, type Page } from '@playwright/test';
import type { HostClient } from '../main/host-client/connect-host.ts';
import { findSerious } from './support/axe.ts';
import { smallSpec } from './support/small-runs.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

const endless = 1_000_000;
let workbench: Workbench;
let client: HostClient;
test.beforeEach(async () => {
  workbench = await openWorkbench();
  client = await workbench.connect();
  await client.api.host.changeSettings({ minimumFreeBytes: 0, cpuSlots: 1 });
});
test.afterEach(() => workbench.close());

const waiting = (page: Page) => page.getByRole('list', { name: 'Waiting runs, in their order' });

/** One that trains, and three behind it. */
async function fillQueue(): Promise<string[]> {
  const specs = [1, 2, 3, 4].map((seed) => smallSpec({ seed, episodes: endless }));
  const runs = await client.api.runs.create({ specs });
  await workbench.page.goto('app://engram/#/queue');
  await expect(workbench.page.getByText('images · free · seed 1')).not.toHaveCount(0);
  await expect(waiting(workbench.page).getByRole('listitem')).toHaveCount(3);
  return runs.map(({ id }) => id);
}

const seedsInOrder = async (page: Page) =>
  (await waiting(page).getByRole('link').allTextContents()).map((title) => Number(/seed (\d+)/.exec(title)?.[1]));

/** As somebody does who tries again where the list has moved meanwhile, because the run above it told of itself. */
async function dragToTop(page: Page, seed: number): Promise<void> {
  const rows = waiting(page).getByRole('listitem');
  const above = page.getByRole('region', { name: 'Training' });
  await expect(above.getByRole('progressbar', { name: 'Progress of images · free · seed 1' })).toBeVisible();
  await expect(async () => {
    await rows.filter({ hasText: `seed ${seed}` }).dragTo(rows.first(), { targetPosition: { x: 300, y: 4 } });
    expect((await seedsInOrder(page))[0]).toBe(seed);
  }).toPass();
}

test('an empty queue says what it is for', async () => {
  const { page } = workbench;
  await page.goto('app://engram/#/queue');
  await expect(page.getByRole('heading', { name: 'Nothing is training, and nothing waits' })).toBeVisible();
  expect(await findSerious(page)).toEqual([]);
});

test('the order changes by keys and by dragging, and the host keeps it', async () => {
  const { page } = workbench;
  const [, second, third, fourth] = await fillQueue();
  expect(await findSerious(page)).toEqual([]);

  await waiting(page)
    .getByRole('button', { name: /^Place 3/ })
    .focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(() => seedsInOrder(page)).toEqual([2, 4, 3]);
  await expect(page.getByRole('button', { name: /^Place 2: .*seed 4/ })).toBeFocused();
  await page.keyboard.press('Alt+Home');
  await expect.poll(() => seedsInOrder(page)).toEqual([4, 2, 3]);
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('button', { name: /^Place 2: .*seed 2/ })).toBeFocused();

  await dragToTop(page, 3);
  await expect.poll(() => seedsInOrder(page)).toEqual([3, 4, 2]);
  expect((await client.api.queue.list()).map(({ id }) => id)).toEqual([third, fourth, second]);
});

test('runs are set aside, taken out with a way back, paused and resumed', async () => {
  const { page } = workbench;
  const [first] = await fillQueue();
  await waiting(page).getByRole('button', { name: 'Remove images · free · seed 2 from the queue' }).click();
  await expect.poll(() => seedsInOrder(page)).toEqual([3, 4]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => seedsInOrder(page)).toEqual([3, 4, 2]);

  await page.getByRole('button', { name: 'Hold', exact: true }).click();
  await expect(page.getByText('The queue is on hold').first()).toBeVisible();
  await expect.poll(async () => (await client.api.runs.get({ run: first! })).iteration).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Pause images · free · seed 1' }).click();
  await expect(page.getByRole('heading', { name: 'Paused 1' })).toBeVisible();
  await expect(page.getByText('Nothing trains at the moment.')).toBeVisible();
  expect((await client.api.runs.get({ run: first! })).checkpoints.length).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Resume images · free · seed 1' }).click();
  await expect.poll(() => seedsInOrder(page)).toEqual([3, 4, 2, 1]);
  await page.getByRole('button', { name: 'Let it go on' }).click();
  await expect.poll(() => seedsInOrder(page)).toEqual([4, 2, 1]);

  await page.getByRole('spinbutton', { name: 'Runs at once on the CPU' }).fill('2');
  await page.keyboard.press('Enter');
  await expect.poll(() => seedsInOrder(page)).toEqual([2, 1]);
});

test('a disk that is nearly full holds the queue, in words, until there is space', async () => {
  const { page } = workbench;
  await fillQueue();
  await page.goto('app://engram/#/system?part=settings');
  await page.getByLabel('Space that stays free').fill('900000');
  await page.keyboard.press('Enter');
  await page.goto('app://engram/#/queue');
  await expect(page.getByText(/no run is started: only .* are free where the lab lies/).first()).toBeVisible();
  await expect(page.getByText(/paused: only .* are free/)).toBeVisible();
  await client.api.host.changeSettings({ minimumFreeBytes: 0 });
  await expect(page.getByText(/no run is started/)).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Training 1' })).toBeVisible();
});

test('System says how the machine, the storage and the host are', async () => {
  const { page, data } = workbench;
  await page.goto('app://engram/#/system');
  await expect(page.getByRole('meter', { name: 'CPU load' })).toBeVisible();
  const backends = page.getByRole('table');
  await expect(backends.getByRole('row', { name: /WebAssembly.*works/ })).toBeVisible({ timeout: 40_000 });
  await expect(backends.getByRole('row', { name: /WebAssembly/ })).toContainText('GFLOP/s');
  await expect(page.getByRole('region', { name: 'TensorFlow runtime' })).toContainText(/in place|to download|not for this machine/i);
  expect(await findSerious(page)).toEqual([]);

  await page.getByRole('tab', { name: 'Storage' }).click();
  await expect(page.getByText(data, { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Back up now' }).click();
  await expect(page.getByRole('list', { name: 'Backups' }).getByText('just now').first()).toBeVisible();
  expect(await findSerious(page)).toEqual([]);

  await page.getByRole('tab', { name: 'Host' }).click();
  await expect(page.getByText(String((await client.api.host.status()).pid), { exact: true })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Log, newest first' })).toContainText('serving');

  await page.getByRole('tab', { name: 'About' }).click();
  await page.getByLabel('Filter licences').fill('better-sqlite3');
  await expect(page.getByRole('list', { name: 'Packages and their licences' }).getByRole('listitem')).toContainText(['better-sqlite3']);
  expect(await findSerious(page)).toEqual([]);
});

test('the trash says what it holds, gives back, and frees bytes', async () => {
  const { page } = workbench;
  const ids: string[] = [];
  for (const run of await client.api.runs.create({ specs: [smallSpec({ episodes: 20 }), smallSpec({ episodes: 20, seed: 2 })] }))
    ids.push(run.id);
  for (const id of ids) for await (const _update of client.followRun(id));
  await client.api.runs.trash({ runs: ids });
  await page.goto('app://engram/#/system?part=storage');
  const trash = page.getByRole('list', { name: 'Runs in the trash' });
  await expect(trash.getByRole('listitem')).toHaveCount(2);
  await trash.getByRole('button', { name: 'Restore images · free · seed 2' }).click();
  await expect(trash.getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'Delete for good…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete 1 run' }).click();
  await expect(page.getByText(/A run was deleted; .*B are free again/)).toBeVisible();
  expect((await client.api.runs.list({})).runs.map(({ id }) => id)).toEqual([ids[1]]);
});

test('settings are changed at once, and what is not allowed is refused at the field', async () => {
  const { page } = workbench;
  await page.goto('app://engram/#/system?part=settings');
  const slots = page.getByLabel('Runs at once on the CPU');
  await slots.fill('99');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toHaveText('A whole number from 0 to 64.');
  await slots.fill('3');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toBeHidden();
  await page.getByLabel('Resume interrupted runs').check();
  await expect.poll(() => client.api.host.settings()).toMatchObject({ cpuSlots: 3, resumeInterrupted: true });
  expect(await findSerious(page)).toEqual([]);
});
