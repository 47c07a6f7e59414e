/** A run's page, tab by tab, and runs beside one another. */
import { goTo, type Shot } from './shots.ts';

const tabs = ['curves', 'checkpoints', 'configuration', 'log', 'events', 'environment'] as const;

export const runAndCompareShots: readonly Shot[] = [
  { name: 'run', take: ({ page, lab }) => goTo(page, `/runs/${lab.finished[0] ?? ''}`) },
  {
    name: 'run-live',
    take: async ({ page, lab }) => {
      await goTo(page, `/runs/${lab.running}`);
      await page.getByRole('status', { name: /^Loss at iteration \d{3}/ }).waitFor();
    },
  },
  { name: 'run-failed', take: ({ page, lab }) => goTo(page, `/runs/${lab.failed}`) },
  ...tabs.map((tab): Shot => ({ name: `run-${tab}`, take: ({ page, lab }) => goTo(page, `/runs/${lab.finished[0] ?? ''}?tab=${tab}`) })),
  { name: 'compare-empty', take: ({ page }) => goTo(page, '/compare') },
  {
    name: 'compare',
    take: async ({ page, lab }) => {
      await goTo(page, `/compare?runs=${lab.finished.join(',')}`);
      await page.getByRole('slider', { name: /^Relative error along/ }).hover({ position: { x: 460, y: 120 } });
      await page.waitForTimeout(300);
    },
  },
];
