/** Each screen, and how one gets there. */
import type { Page } from '@playwright/test';
import type { FilledLab } from './fill-lab.ts';

export interface Stage {
  readonly page: Page;
  readonly lab: FilledLab;
  readonly data: string;
}

export interface Shot {
  readonly name: string;
  take(stage: Stage): Promise<void>;
}

export const shots: readonly Shot[] = [{ name: 'runs', take: ({ page }) => goTo(page, '/runs') }];

/** Goes there, and waits until nothing moves any more. */
export async function goTo(page: Page, route: string): Promise<void> {
  await page.goto(`app://engram/#${route}`);
  await page.waitForTimeout(700);
}
