/** The Runs screen: the table with a live run and details, groups, a selection, a filter being typed, a failed run. */
import type { Page } from '@playwright/test';
import { goTo, type Shot } from './shots.ts';

const table = (page: Page) => page.locator('[role=grid],[role=treegrid]');
const line = (page: Page, text: string) => table(page).locator('[data-index]').filter({ hasText: text }).first();

/** As one finds the screen, with one run beside the table. */
async function begin(page: Page, text: string): Promise<void> {
  await goTo(page, '/runs');
  await page.reload();
  await line(page, text).click();
  await page.waitForTimeout(900);
}

export const runsShots: readonly Shot[] = [
  { name: 'runs', take: ({ page }) => begin(page, 'reference, free alpha') },
  { name: 'runs-live', take: ({ page }) => begin(page, 'running') },
  { name: 'runs-failed', take: ({ page }) => begin(page, 'failed') },
  {
    name: 'runs-groups',
    take: async ({ page }) => {
      await begin(page, 'reference, free alpha');
      await page.keyboard.press('s');
      const first = table(page).locator('[data-index]').filter({ hasText: '3 runs' }).first();
      await first.click();
      await page.keyboard.press('Enter');
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'runs-selection',
    take: async ({ page }) => {
      await begin(page, 'reference, free alpha');
      await page.keyboard.press('Shift+ArrowUp');
      await page.keyboard.press('Shift+ArrowUp');
      await page.waitForTimeout(500);
    },
  },
  {
    name: 'runs-filter',
    take: async ({ page }) => {
      await begin(page, 'reference, free alpha');
      await page.keyboard.press('/');
      await page.keyboard.type('loss<30 tag:paper v');
      await page.waitForTimeout(300);
    },
  },
];
