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
  {
    name: 'run-inside',
    take: async ({ page, lab }) => {
      await goTo(page, `/runs/${lab.finished[0] ?? ''}?tab=inside&step=80&synapse=20&post=40`);
      await page.getByRole('region', { name: 'Attribution' }).waitFor();
      await page.getByRole('button', { name: /^Compute/ }).click();
      await page
        .getByRole('button', { name: /^Open episode/ })
        .first()
        .waitFor();
    },
  },
  {
    name: 'run-inside-compared',
    take: async ({ page, lab }) => {
      const [first = '', second = ''] = lab.finished;
      await goTo(page, `/runs/${first}?tab=inside&step=80&beside=${second}&gallery=${second}`);
      await page.getByRole('button', { name: /^Difference of w,/ }).waitFor();
      const gallery = page.getByRole('region', { name: 'Gallery' });
      await gallery.getByRole('button', { name: /^Compute/ }).click();
      await gallery
        .getByRole('button', { name: /^Open episode/ })
        .first()
        .waitFor();
      await page.getByRole('region', { name: 'Difference' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'run-inside-save',
    take: async ({ page, lab }) => {
      await goTo(page, `/runs/${lab.finished[0] ?? ''}?tab=inside&step=80&synapse=20&post=40`);
      await page.getByRole('button', { name: 'Save what is shown' }).click();
      await page.getByRole('menuitem', { name: 'Picture or film…' }).click();
      await page.getByLabel('Format').selectOption('film over the steps, WebM');
    },
  },
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
