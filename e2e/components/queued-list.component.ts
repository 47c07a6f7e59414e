/** The waiting runs: their order by keys and by dragging, and what happens when the host refuses. */
import { expect, type Page } from '@playwright/test';
import { test } from '../support/stage.ts';

const list = (page: Page) => page.getByRole('list', { name: 'Waiting runs, in their order' });
const rows = (page: Page) => list(page).getByRole('listitem');
const handle = (page: Page, place: number, seed: number) =>
  list(page).getByRole('button', { name: `Place ${place}: images · free · seed ${seed}` });
const ofHost = (page: Page) => page.getByRole('status', { name: 'Order of the host' });

async function expectOrder(page: Page, ...seeds: number[]): Promise<void> {
  const names = ['', 'one', 'two', 'three', 'four'];
  await expect(rows(page).getByRole('link')).toHaveText(seeds.map((seed) => `images · free · seed ${seed}`));
  await expect(ofHost(page)).toHaveText(seeds.map((seed) => names[seed]).join(' '));
}

test('one stop of Tab; arrows, Home and End go from run to run', async ({ show }) => {
  const page = await show('queue/queued-list');
  await page.keyboard.press('Tab');
  await expect(handle(page, 1, 1)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(handle(page, 1, 1)).toBeFocused();
  await page.keyboard.press('End');
  await expect(handle(page, 4, 4)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(handle(page, 3, 3)).toBeFocused();
  expect(await list(page).locator('.handle[tabindex="0"]').count()).toBe(1);
  await expectOrder(page, 1, 2, 3, 4);
});

test('with Alt they move it; the focus goes along, and the place is told', async ({ show }) => {
  const page = await show('queue/queued-list');
  await handle(page, 3, 3).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(handle(page, 2, 3)).toBeFocused();
  await expectOrder(page, 1, 3, 2, 4);
  await expect(page.getByText('now at place 2 of 4')).toBeAttached();
  await page.keyboard.press('Alt+End');
  await expect(handle(page, 4, 3)).toBeFocused();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(handle(page, 4, 3)).toBeFocused();
  await page.keyboard.press('Alt+Home');
  await expectOrder(page, 3, 1, 2, 4);
});

test('what the host refuses goes back to where it was, in words', async ({ show }) => {
  const page = await show('queue/queued-list');
  await handle(page, 4, 4).focus();
  await page.keyboard.press('Alt+Home');
  await expect(page.getByText('seed 4 never goes first')).toBeVisible();
  await expectOrder(page, 1, 2, 3, 4);
  await expect(handle(page, 4, 4)).toBeFocused();
});

test('a run is dragged before another, and behind all', async ({ show }) => {
  const page = await show('queue/queued-list');
  await rows(page)
    .nth(2)
    .dragTo(rows(page).nth(0), { targetPosition: { x: 300, y: 3 } });
  await expectOrder(page, 3, 1, 2, 4);
  const { height = 0 } = (await rows(page).nth(3).boundingBox()) ?? {};
  await rows(page)
    .nth(0)
    .dragTo(rows(page).nth(3), { targetPosition: { x: 300, y: height - 3 } });
  await expectOrder(page, 1, 2, 4, 3);
});
