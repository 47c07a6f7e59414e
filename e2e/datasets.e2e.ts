import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  binaryFiles,
  cifar10Archive,
  omniglotFiles,
  pictureFiles,
  pictureOf,
  pythonFiles,
  writeFiles,
  zipOfFiles,
} from '../main/datasets/test-support/sources.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

let workbench: Workbench;
const sources = mkdtempSync(join(tmpdir(), 'engram-sources-'));
test.beforeAll(async () => {
  writeFiles(join(sources, 'pets'), pictureFiles);
  writeFiles(join(sources, 'cifar'), binaryFiles);
  writeFileSync(join(sources, 'cifar-10-python.tar.gz'), await cifar10Archive(pythonFiles));
  writeFileSync(join(sources, 'images_background.zip'), zipOfFiles(omniglotFiles, 'images_background/'));
  writeFileSync(join(sources, 'talk.mp3'), 'ID3 not a data set at all');
  workbench = await openWorkbench();
});
test.afterAll(async () => {
  await workbench.close();
  rmSync(sources, { recursive: true, force: true });
});

/** What the system's dialog will answer. */
async function answerDialog(name: string): Promise<void> {
  await workbench.app.evaluate(
    ({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
    },
    join(sources, name),
  );
}

async function open(): Promise<void> {
  await workbench.page.goto('app://engram/#/datasets');
  await expect(row('photographs')).toBeVisible({ timeout: 60_000 });
}

const row = (name: string) => workbench.page.getByRole('row').filter({ has: workbench.page.getByRole('link', { name, exact: true }) });

async function importByDialog(name: string, way: 'File…' | 'Folder…', choices: { name?: string; inPlace?: boolean } = {}): Promise<void> {
  const { page } = workbench;
  await answerDialog(name);
  await page.getByRole('button', { name: 'Import data set…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a data set' });
  await dialog.getByRole('button', { name: way }).click();
  await expect(dialog).toContainText(join(sources, name));
  if (choices.name !== undefined) await dialog.getByLabel('Name').fill(choices.name);
  if (choices.inPlace === true) await dialog.getByRole('radio', { name: 'Use it where it lies' }).check();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
}

test('shows what comes with Engram', async () => {
  await open();
  await expect(row('photographs')).toContainText('Comes with Engram');
  await expect(row('photographs')).toContainText('Public domain');
  await expect(row('characters')).toContainText('32,000');
});

test('imports each kind by dialog, copied or in place', async () => {
  const { page, complaints } = workbench;
  await open();
  await importByDialog('cifar', 'Folder…', { name: 'small CIFAR' });
  await expect(row('small CIFAR')).toContainText('Copy in the lab');
  await expect(row('small CIFAR')).toContainText('32 × 32, colour');

  await importByDialog('cifar-10-python.tar.gz', 'File…');
  await expect(row('cifar-10-python.tar.gz')).toContainText('CIFAR-10, Python version');

  await importByDialog('images_background.zip', 'File…');
  await expect(row('images_background.zip')).toContainText('Omniglot');

  await importByDialog('pets', 'Folder…', { inPlace: true });
  await expect(row('pets')).toContainText('Used where it lies');
  await expect(row('pets')).toContainText(join(sources, 'pets'));

  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  expect(complaints).toEqual([]);
});

test('refuses a name that is taken, at the field', async () => {
  const { page } = workbench;
  await open();
  await importByDialog('pets', 'Folder…', { name: 'photographs' });
  const dialog = page.getByRole('dialog', { name: 'Import a data set' });
  await expect(dialog.getByRole('alert')).toContainText('photographs');
  await expect(dialog.getByLabel('Name')).toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('takes what is dropped, and says what a wrong file is and what would be right', async () => {
  const { page } = workbench;
  await open();
  const session = await page.context().newCDPSession(page);
  const drop = async (name: string) => {
    const data = { items: [], files: [join(sources, name)], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data });
  };
  await drop('talk.mp3');
  const dialog = page.getByRole('dialog', { name: 'Import a data set' });
  await expect(dialog).toContainText('talk.mp3');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  const failed = page.getByRole('alert', { name: 'Import of talk.mp3' });
  await expect(failed).toContainText('is a file of another kind');
  await expect(failed).toContainText('folder of PNG and JPEG files can be read');
  await failed.getByRole('button', { name: 'Close' }).click();
  await expect(failed).toBeHidden();

  await drop('pets');
  await expect(dialog).toContainText(join(sources, 'pets'));
  await dialog.getByLabel('Name').fill('dropped pets');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(row('dropped pets')).toContainText('Copy in the lab');
});

test('cancels an import, which leaves nothing', async () => {
  const { page } = workbench;
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, seed) => [`${seed}.png`, pictureOf(seed, 120)]));
  writeFiles(join(sources, 'many'), many);
  await open();
  await importByDialog('many', 'Folder…');
  await page.getByRole('region', { name: 'Import of many' }).getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('region', { name: 'Import of many' })).toBeHidden();
  await expect(row('many')).toHaveCount(0);
  const { api } = await workbench.connect();
  expect((await api.jobs.list()).find(({ title }) => title === 'import of many')?.state).toBe('cancelled');
});

test('shows samples, classes and statistics, by mouse and keyboard', async () => {
  const { page, complaints } = workbench;
  await open();
  await row('pets').getByRole('link').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'pets' })).toBeVisible();
  await expect(page.getByRole('img', { name: 'cats' })).toHaveCount(6);
  await expect(page.getByText('10 images', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: /^dogs/ }).click();
  await expect(page.getByRole('img', { name: 'cats' })).toHaveCount(0);
  await expect(page.getByRole('img', { name: 'dogs' })).toHaveCount(4);
  await expect(page.getByRole('region', { name: 'Facts' })).toContainText('±');
  await expect(page.getByText('No run was trained on it yet')).toBeVisible();

  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await page.getByRole('button', { name: 'New run on it' }).click();
  await expect(page.getByLabel('Data set', { exact: true }).last()).toHaveValue(join(sources, 'pets'));
  expect(complaints).toEqual([]);
});

test('says on its page that a data set has gone', async () => {
  const { page } = workbench;
  writeFiles(join(sources, 'gone'), pictureFiles);
  await open();
  await importByDialog('gone', 'Folder…', { inPlace: true });
  await expect(row('gone')).toBeVisible();
  rmSync(join(sources, 'gone'), { recursive: true });
  await row('gone').getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'Its samples cannot be shown' })).toBeVisible();
  await expect(page.getByText('does not exist')).toBeVisible();
});

test('removes a data set after asking, and says what is free again', async () => {
  const { page } = workbench;
  writeFiles(join(sources, 'superfluous'), pictureFiles);
  await open();
  await importByDialog('superfluous', 'Folder…');
  await row('superfluous').getByRole('button', { name: 'Actions on superfluous' }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  const question = page.getByRole('dialog', { name: 'Remove superfluous?' });
  await expect(question).toContainText('The lab’s copy');
  await question.getByRole('button', { name: 'Remove data set' }).click();
  await expect(page.getByText(/superfluous is removed, .+ are free again/)).toBeVisible();
  await expect(row('superfluous')).toHaveCount(0);
});
