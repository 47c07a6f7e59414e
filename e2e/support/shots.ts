/** Each screen, and how one gets there. */
import type { Page } from '@playwright/test';
import type { TrainedLab } from './fill-inside.ts';
import type { FilledLab } from './fill-lab.ts';
import { insideShots } from './shots-inside.ts';
import { newAndDataShots } from './shots-new-and-data.ts';
import { runAndCompareShots } from './shots-run-and-compare.ts';
import { runsShots } from './shots-runs.ts';

export interface Stage {
  readonly page: Page;
  readonly lab: FilledLab;
  readonly trained: TrainedLab;
  readonly data: string;
}

export interface Shot {
  readonly name: string;
  /** What is in the lab then: no runs yet, or networks that have learned, which `trained` names; without, small runs in every state, of `lab`. */
  readonly of?: 'empty' | 'trained';
  take(stage: Stage): Promise<void>;
}

export const shots: readonly Shot[] = [...runsShots, ...newAndDataShots, ...runAndCompareShots, ...insideShots];

/** Goes there, and waits until nothing moves any more. */
export async function goTo(page: Page, route: string): Promise<void> {
  await page.goto(`app://engram/#${route}`);
  await page.waitForTimeout(700);
}
