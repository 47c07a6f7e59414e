/** Each screen, and how one gets there. */
import type { Page } from '@playwright/test';
import type { FilledLab } from './fill-lab.ts';
import { newAndDataShots } from './shots-new-and-data.ts';
import { runAndCompareShots } from './shots-run-and-compare.ts';
import { runsShots } from './shots-runs.ts';

export interface Stage {
  readonly page: Page;
  readonly lab: FilledLab;
  readonly data: string;
}

export interface Shot {
  readonly name: string;
  /** Of a lab that has no runs yet; `lab` means nothing then. */
  readonly empty?: true;
  take(stage: Stage): Promise<void>;
}

export const shots: readonly Shot[] = [...runsShots, ...newAndDataShots, ...runAndCompareShots];

/** Goes there, and waits until nothing moves any more. */
export async function goTo(page: Page, route: string): Promise<void> {
  await page.goto(`app://engram/#${route}`);
  await page.waitForTimeout(700);
}
