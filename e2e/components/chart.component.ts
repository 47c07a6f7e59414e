/** The cursor of charts: from point to point by keys, shared among them, and what zooming does around it. */
import { expect, type Page } from '@playwright/test';
import { test } from '../support/stage.ts';

const chart = (page: Page, title: string) => page.getByRole('slider', { name: new RegExp(`^${title} along`) });
const cursor = (page: Page) => page.getByRole('status', { name: 'Cursor' });
const range = (page: Page) => page.getByRole('status', { name: 'Range' });

test('keys go from point to point, and both charts show where', async ({ show }) => {
  const page = await show('charts/chart');
  const loss = chart(page, 'Loss');
  await loss.focus();
  await expect(loss).toHaveAttribute('aria-valuetext', 'no cursor');
  for (const [key, place] of [
    ['ArrowRight', '10'],
    ['ArrowLeft', '10'],
    ['ArrowRight', '20'],
    ['Shift+ArrowRight', '120'],
    ['End', '1000'],
    ['ArrowRight', '1000'],
    ['ArrowLeft', '990'],
    ['Home', '10'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(cursor(page)).toHaveText(place);
    await expect(loss).toHaveAttribute('aria-valuenow', place);
    await expect(chart(page, 'Relative error')).toHaveAttribute('aria-valuenow', place);
  }
  await expect(loss).toHaveAttribute('aria-valuetext', /value 100$/);
  await expect(page.locator('.u-cursor-x:visible')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await expect(cursor(page)).toHaveText('none');

  // The other one has points of its own.
  await chart(page, 'Relative error').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(cursor(page)).toHaveText('80');
  await page.keyboard.press('Tab');
  await expect(cursor(page)).toHaveText('none');
});

test('plus and minus zoom around the cursor, nought shows everything', async ({ show }) => {
  const page = await show('charts/chart');
  await chart(page, 'Loss').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('+');
  const [from = NaN, to = NaN] = (await range(page).innerText()).split(' ').map(Number);
  expect((to - from) * 1.5).toBeCloseTo(1000, 6);
  // The cursor, at 110, keeps its place on the axis.
  expect((110 - from) / (to - from)).toBeCloseTo(0.11, 6);
  await expect(chart(page, 'Relative error')).toHaveAttribute('aria-valuemax', String(to));
  // Home and End are of what is shown.
  await page.keyboard.press('End');
  await expect(cursor(page)).toHaveText(String(10 * Math.floor(to / 10)));
  await page.keyboard.press('-');
  await page.keyboard.press('-');
  await expect(range(page)).toHaveText('all');
  await page.keyboard.press('+');
  await page.keyboard.press('0');
  await expect(range(page)).toHaveText('all');
});

test('the pointer moves it, a drag zooms, a double click goes back', async ({ show }) => {
  const page = await show('charts/chart');
  const box = (await chart(page, 'Loss').locator('.u-over').boundingBox())!;
  const at = (share: number) => [box.x + share * box.width, box.y + box.height / 2] as const;
  await page.mouse.move(...at(0.5));
  await expect.poll(async () => Math.abs(Number(await cursor(page).innerText()) - 500)).toBeLessThan(15);
  await page.mouse.down();
  await page.mouse.move(...at(0.6));
  await page.mouse.move(...at(0.75));
  await page.mouse.up();
  await expect.poll(async () => Number((await range(page).innerText()).split(' ')[0])).toBeCloseTo(500, -1.5);
  await page.mouse.dblclick(...at(0.2));
  await expect(range(page)).toHaveText('all');
});
