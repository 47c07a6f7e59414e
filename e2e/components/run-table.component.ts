/** The table of runs by keyboard alone: the current line, what is selected, and how it is sorted. */
import { expect, type Page } from '@playwright/test';
import { test } from '../support/stage.ts';

const grid = (page: Page) => page.getByRole('grid', { name: 'Runs' });
const selected = (page: Page) => page.getByRole('status', { name: 'Selected' });
const head = (page: Page, name: string) => page.getByRole('columnheader', { name, exact: true });
const line = (page: Page, index: number) => page.locator(`#line-${index}`);

async function open(show: (name: string) => Promise<Page>): Promise<Page> {
  const page = await show('runs/run-table');
  await expect(line(page, 0)).toBeVisible();
  return page;
}

const names = (...numbers: number[]) => numbers.map((number) => `run-${String(number).padStart(3, '0')}`).join(' ');

async function expectCurrent(page: Page, index: number): Promise<void> {
  await expect(grid(page)).toHaveAttribute('aria-activedescendant', `line-${index}`);
  // Its right end may be under the edge.
  await expect(line(page, index)).toBeInViewport({ ratio: 0.9 });
}

test('arrows and pages go through all of them, though only what one sees is there', async ({ show }) => {
  const page = await open(show);
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '201');
  expect(await page.locator('[data-index]').count()).toBeLessThan(60);
  await grid(page).focus();
  await page.keyboard.press('ArrowDown');
  await expectCurrent(page, 0);
  await page.keyboard.press('j');
  await expectCurrent(page, 1);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expectCurrent(page, 0);
  await page.keyboard.press('End');
  await expectCurrent(page, 199);
  await page.keyboard.press('PageUp');
  const index = Number((await grid(page).getAttribute('aria-activedescendant'))?.slice(5));
  expect(index).toBeGreaterThan(170);
  expect(index).toBeLessThan(190);
  await page.keyboard.press('Home');
  await expectCurrent(page, 0);
});

test('Space takes one more, Shift a range from where it began, Ctrl+A all', async ({ show }) => {
  const page = await open(show);
  await grid(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(selected(page)).toHaveText(names(0));
  await expect(line(page, 0)).toHaveAttribute('aria-selected', 'true');
  for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowDown');
  for (let step = 0; step < 2; step++) await page.keyboard.press('Shift+ArrowDown');
  await expect(selected(page)).toHaveText(names(0, 3, 4, 5));
  // A range can become smaller again, and go the other way.
  for (let step = 0; step < 3; step++) await page.keyboard.press('Shift+ArrowUp');
  await expect(selected(page)).toHaveText(names(0, 2, 3));
  await page.keyboard.press('Space');
  await expect(selected(page)).toHaveText(names(0, 3));
  await page.keyboard.press('Control+a');
  await expect(page.locator('[data-index][aria-selected="false"]')).toHaveCount(0);
  await expect(page.getByRole('checkbox', { name: 'Select none' })).toBeChecked();
});

test('the head sorts by keys: up, down, not at all; Shift adds a second column', async ({ show }) => {
  const page = await open(show);
  const loss = head(page, 'Loss');
  await loss.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect(loss).toHaveAttribute('aria-sort', 'ascending');
  await expect(line(page, 1)).toContainText('1.000');
  await page.keyboard.press('Enter');
  await expect(loss).toHaveAttribute('aria-sort', 'descending');
  await expect(line(page, 0)).toContainText('199');
  await page.keyboard.press('Enter');
  await expect(loss).toHaveAttribute('aria-sort', 'none');

  await head(page, 'Status').getByRole('button').focus();
  await page.keyboard.press('Enter');
  await head(page, 'Seed').getByRole('button').focus();
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('Shift+Enter');
  await expect(page.getByRole('columnheader', { name: /^Status/ })).toHaveAttribute('aria-sort', 'ascending');
  await expect(page.getByRole('columnheader', { name: /^Seed/ })).toHaveAttribute('aria-sort', 'descending');
  // Every seed is there once finished and once stopped.
  const status = /finished|stopped/.exec(await line(page, 0).innerText())?.[0] ?? '';
  await expect(line(page, 0).getByRole('gridcell', { name: '100', exact: true })).toBeVisible();
  await expect(line(page, 1).getByRole('gridcell', { name: '99', exact: true })).toBeVisible();
  await expect(line(page, 1)).toContainText(status);
});

test('a sort keeps what is current and selected; heads are one stop, moved and widened by keys', async ({ show }) => {
  const page = await open(show);
  await grid(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  const heads = page.getByRole('columnheader');
  const before = await heads.allInnerTexts();
  const loss = head(page, 'Loss');
  await loss.getByRole('button').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(selected(page)).toHaveText(names(0));
  expect(await heads.locator('[tabindex="0"].sorts').count()).toBe(1);

  const { width: narrow = 0 } = (await loss.boundingBox()) ?? {};
  await page.keyboard.press('Alt+Shift+ArrowRight');
  await expect.poll(async () => (await loss.boundingBox())?.width).toBe(narrow + 12);
  await page.keyboard.press('Alt+ArrowLeft');
  const place = before.indexOf('Loss');
  await expect.poll(async () => (await heads.allInnerTexts()).indexOf('Loss')).toBe(place - 1);
  await expect(loss.getByRole('button')).toBeFocused();
});
