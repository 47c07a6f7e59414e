/** The first start, the form of a new run, and the data sets. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { photographFiles } from '../../main/datasets/photographs.ts';
import { goTo, type Shot, type Stage } from './shots.ts';

export const newAndDataShots: readonly Shot[] = [
  { name: 'first-start', of: 'empty', take: showFirstStart },
  { name: 'new-run', take: ({ page }) => showForm(page) },
  { name: 'clone', take: ({ page, lab }) => showClone(page, lab.finished[0] ?? '') },
  { name: 'datasets', take: showDatasets },
  { name: 'dataset-characters', take: ({ page }) => showSamples(page, 'characters') },
  { name: 'dataset-photographs', take: ({ page }) => showSamples(page, 'photographs') },
  { name: 'import', take: showImport },
];

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });

async function showFirstStart({ page }: Stage): Promise<void> {
  await goTo(page, '/runs');
  await page.getByRole('button', { name: 'Start training' }).waitFor();
}

async function showForm(page: Page): Promise<void> {
  await goTo(page, '/new');
  await field(page, 'Seeds').fill('1..5');
  await field(page, 'Presentations per pattern').fill('4');
  await field(page, 'Learning rate').fill('3e-4');
  await field(page, 'Group').fill('alpha sweep');
  await field(page, 'Patterns').scrollIntoViewIfNeeded();
  await page.getByRole('radio', { name: /^free/ }).focus();
  await field(page, 'Presentations per pattern').focus();
  await page.getByRole('region', { name: 'What will happen' }).getByText('per second').or(page.getByText('Time: ')).first().waitFor();
  await page.waitForTimeout(1500);
}

async function showClone(page: Page, run: string): Promise<void> {
  await goTo(page, `/new?from=${run}`);
  // The draft of the theme before is there still.
  await field(page, 'Image size').fill('8');
  await page.getByText('Trained parameters').waitFor();
  await field(page, 'Image size').fill('33');
  await page.waitForTimeout(1000);
}

async function showSamples(page: Page, dataset: string): Promise<void> {
  await goTo(page, `/datasets/${dataset}`);
  await page
    .getByText(/ images$|evenly over/)
    .first()
    .waitFor({ timeout: 120_000 });
  await page.waitForTimeout(700);
}

/** With a data set of somebody's own beside those that come along. */
async function showDatasets({ page, data }: Stage): Promise<void> {
  const own = join(dirname(data), 'field photographs');
  mkdirSync(join(own, 'landscapes'), { recursive: true });
  for (const { name, path } of photographFiles()) copyFileSync(path, join(own, 'landscapes', `${name}.jpg`));
  await goTo(page, '/datasets');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'photographs', exact: true }).waitFor({ timeout: 120_000 });
  const mine = page.getByRole('link', { name: 'field photographs', exact: true });
  if ((await mine.count()) === 0) {
    await openImport(page, own);
    await page.getByRole('radio', { name: 'Use it where it lies' }).check();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await mine.waitFor({ timeout: 60_000 });
  }
  await goTo(page, '/runs');
  await goTo(page, '/datasets');
}

async function showImport({ page, data }: Stage): Promise<void> {
  await goTo(page, '/datasets');
  await page.keyboard.press('Escape');
  await openImport(page, join(dirname(data), 'cifar-10-python.tar.gz'));
  await field(page, 'Name').fill('CIFAR-10');
  await page.waitForTimeout(300);
}

/** As a drop does. */
async function openImport(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const drag = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data: drag });
  await page.getByRole('dialog', { name: 'Import a data set' }).waitFor();
}
