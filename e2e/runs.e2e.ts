import { expect, test, type Page } from '@playwright/test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLargeLab } from '../bench/large-lab.ts';
import { valuesAnIteration } from '../bench/metrics-records.ts';
import { findSerious } from './support/axe.ts';
import { smallSpec } from './support/small-runs.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** Runs that have ended; ten seeds of each specification, three variants. */
function makeLab(runs: number, iterations: number): string {
  const data = mkdtempSync(join(tmpdir(), 'engram-e2e-runs-'));
  createLargeLab(data, { runs, values: runs * iterations * valuesAnIteration, longIterations: iterations });
  return data;
}

const table = (page: Page) => page.getByLabel('Runs', { exact: true }).and(page.locator('[role=grid],[role=treegrid]'));
/** Without the heads. */
const rows = (page: Page) => table(page).getByRole('row').and(page.locator('[data-index]'));
const filter = (page: Page) => page.getByRole('combobox', { name: 'Filter runs' });
const head = (page: Page, name: string) => table(page).getByRole('columnheader').getByRole('button', { name, exact: true });
const toolbar = (page: Page) => page.getByRole('toolbar', { name: 'Selected runs' });
const count = (page: Page) => page.locator('main header .count');

test.describe('a table of sixty runs', () => {
  let workbench: Workbench;
  let page: Page;
  test.beforeAll(async () => {
    workbench = await openWorkbench({ data: makeLab(60, 120) });
    page = workbench.page;
  });
  test.afterAll(() => workbench.close());
  test.beforeEach(async () => {
    await page.goto('app://engram/#/runs');
    await page.reload();
    await expect(rows(page).first()).toBeVisible();
  });

  test('is filtered by typing, with completion, words for mistakes, and facets', async () => {
    await page.keyboard.press('/');
    await expect(filter(page)).toBeFocused();
    await page.keyboard.type('fre');
    await expect(page.getByRole('option', { name: 'variant:free' })).toBeVisible();
    await page.keyboard.press('Tab');
    await expect(filter(page)).toHaveValue('variant:free ');
    await expect(count(page)).toHaveText('20 of 60');
    await page.keyboard.type('seed:1..3 ');
    await expect(count(page)).toHaveText('6 of 60');
    await page.keyboard.type('los<20');
    await page.keyboard.press('Enter');
    await expect(page.getByText('there is no column “los”: did you mean "loss"?')).toBeVisible();
    await expect(count(page)).toHaveText('6 of 60');

    await page.keyboard.press('Escape');
    await expect(count(page)).toHaveText('60');
    await page.getByRole('group', { name: 'States' }).getByRole('button', { name: 'failed' }).click();
    await expect(filter(page)).toHaveValue('status:failed');
    await expect(rows(page)).toHaveCount(2);
    await page.getByRole('button', { name: 'Filter: Variant' }).click();
    await page.getByRole('checkbox', { name: 'yoked' }).click();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('heading', { name: 'No run matches' })).toBeVisible();
    await page.getByRole('button', { name: 'Clear the filter' }).last().click();
    await expect(count(page)).toHaveText('60');
  });

  test('is sorted by several columns', async () => {
    const cells = table(page).locator('[data-index] > :nth-child(4)');
    const seeds = async () => (await cells.allTextContents()).slice(0, 7).map((text) => text.trim());
    await head(page, 'Seed').click();
    await expect.poll(seeds).toEqual(['0', '0', '0', '0', '0', '0', '1']);
    await head(page, 'Seed').click();
    await expect.poll(seeds).toEqual(['9', '9', '9', '9', '9', '9', '8']);
    await head(page, 'Status').click({ modifiers: ['Shift'] });
    await expect(table(page).locator('[aria-sort=ascending]')).toHaveText(/Status/);
    await expect(table(page).locator('[aria-sort=descending]')).toHaveText(/Seed/);
  });

  test('is grouped by all but the seed, with medians, and opened', async () => {
    await page.getByRole('button', { name: 'Group', exact: true }).first().click();
    await page.getByRole('radio', { name: 'All but the seed' }).click();
    await expect(count(page)).toHaveText('60 in 6 groups');
    await expect(rows(page)).toHaveCount(6);
    await expect(rows(page).first()).toContainText('0–9');
    await rows(page).first().click();
    await expect(page.getByRole('complementary', { name: /group/ })).toContainText('Quartiles');
    await page.keyboard.press('Enter');
    await expect(rows(page)).toHaveCount(16);
    await expect(rows(page).first()).toHaveAttribute('aria-expanded', 'true');
    await page.keyboard.press('ArrowLeft');
    await expect(rows(page)).toHaveCount(6);
  });

  test('selects many, tags them, and takes that back', async () => {
    await rows(page).nth(0).click();
    await rows(page)
      .nth(1)
      .click({ modifiers: ['ControlOrMeta'] });
    await rows(page)
      .nth(3)
      .click({ modifiers: ['Shift'] });
    await expect(toolbar(page).getByText('4 selected')).toBeVisible();
    await page.keyboard.press('t');
    await page.getByRole('textbox', { name: 'Find a tag or add one' }).fill('figure-3');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save tags' }).click();
    await filter(page).fill('tag:figure-3');
    await expect(rows(page)).toHaveCount(4);
    await page.getByRole('button', { name: 'Undo' }).click();
    await filter(page).fill('');
    await page.getByRole('button', { name: 'Select none' }).click();
    await filter(page).fill('tag:figure-3 ');
    await expect(page.getByRole('heading', { name: 'No run matches' })).toBeVisible();
  });

  test('renames by F2 and by the menu, takes that back, and writes a note and tags from there', async () => {
    const dialog = page.getByRole('dialog');
    const first = rows(page).nth(0);
    await first.click();
    const [before = ''] = /\w+ · \w+/.exec(await first.innerText()) ?? [];
    await page.keyboard.press('F2');
    const name = dialog.getByRole('textbox', { name: 'Name' });
    await expect(name).toBeFocused();
    await name.fill('reference');
    await page.keyboard.press('Enter');
    await expect(first).toContainText('reference');
    await expect(dialog).toHaveCount(0);
    await expect(table(page)).toBeFocused();
    await page.keyboard.press('F2');
    await expect(name).toHaveValue('reference');
    // Its text is selected: typing replaces it.
    await page.keyboard.type('the second name');
    await page.keyboard.press('Escape');
    await expect(first).toContainText('reference');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(first).toContainText(before);

    const choose = async (item: string) => {
      await first.click({ button: 'right' });
      await page.getByRole('menuitem', { name: item }).click();
    };
    await choose('Rename…');
    await name.fill('by the menu');
    await dialog.getByRole('button', { name: 'Rename' }).click();
    await expect(first).toContainText('by the menu');
    await expect(table(page)).toBeFocused();
    await choose('Note…');
    await dialog.getByRole('textbox', { name: 'Note' }).fill('look at this one');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByText('by the menu: note saved')).toBeVisible();
    await choose('Tags…');
    await dialog.getByRole('textbox', { name: 'Find a tag or add one' }).fill('named');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Save tags' }).click();
    await filter(page).fill('tag:named look ');
    await expect(rows(page)).toHaveCount(1);

    // A name is one run's.
    await filter(page).fill('');
    await rows(page).nth(1).click();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('F2');
    await expect(dialog).toHaveCount(0);
    await rows(page).nth(1).click({ button: 'right' });
    await expect(page.getByRole('menuitem', { name: 'Tags…' })).toBeVisible();
    await expect(page.getByRole('menuitem', { name: 'Rename…' })).toHaveCount(0);
    await page.keyboard.press('Escape');
  });

  test('puts runs into the trash, takes them back, deletes them for good', async () => {
    await filter(page).fill('seed:9 ');
    await expect(rows(page)).toHaveCount(6);
    await rows(page).nth(0).click();
    await page.keyboard.press('x');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press(' ');
    await page.keyboard.press('Delete');
    await expect(rows(page)).toHaveCount(4);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(rows(page)).toHaveCount(6);

    await rows(page).nth(0).click();
    await page.keyboard.press('Delete');
    await expect(rows(page)).toHaveCount(5);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: /^Trash/ }).click();
    await expect(page.getByRole('heading', { name: 'Trash', level: 1 })).toBeVisible();
    await expect(rows(page)).toHaveCount(1);
    await rows(page).nth(0).click();
    await page.keyboard.press('Delete');
    await expect(page.getByRole('dialog')).toContainText('cannot be undone');
    await page.getByRole('button', { name: 'Delete for good', exact: true }).click();
    await expect(page.getByText(/1 run deleted for good, .* freed/)).toBeVisible();
    await page.getByRole('button', { name: 'Back to the runs' }).click();
    await expect(rows(page)).toHaveCount(5);
  });

  test('keeps a view under a name', async () => {
    await filter(page).fill('free');
    await page.keyboard.press('Enter');
    await expect(table(page)).toBeFocused();
    await page.keyboard.press('s');
    await expect(count(page)).toContainText('in 2 groups');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: 'Save this view…' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Free, by seeds');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.reload();
    await expect(count(page)).not.toContainText('groups');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: 'Free, by seeds free' }).click();
    await expect(filter(page)).toHaveValue('free');
    await expect(count(page)).toContainText('in 2 groups');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: 'Remove the view Free, by seeds' }).click();
    await expect(page.getByRole('button', { name: 'Free, by seeds free' })).toHaveCount(0);
  });

  test('needs no mouse', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('status:finished');
    await page.keyboard.press('Enter');
    await expect(table(page)).toBeFocused();
    await page.keyboard.press('End');
    const all = Number(await table(page).getAttribute('aria-rowcount'));
    await expect(table(page).locator('.current')).toHaveAttribute('aria-rowindex', String(all));
    await expect(table(page)).toHaveAttribute('aria-activedescendant', `line-${all - 2}`);
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await expect(toolbar(page).getByText('3 selected')).toBeVisible();
    await page.keyboard.press('Shift+ArrowUp');
    await expect(toolbar(page).getByText('2 selected')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(toolbar(page)).toHaveCount(0);
    await expect(filter(page)).toHaveValue('status:finished');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/#\/runs\/.+/);
    await page.goBack();
    await expect(filter(page)).toHaveValue('status:finished');
    await expect(table(page).locator('.current')).toBeVisible();
  });

  test('columns are chosen, moved and made wider, and stay so', async () => {
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Learning rate', exact: true }).click();
    await page.getByRole('checkbox', { name: 'Speed' }).click();
    await page.keyboard.press('Escape');
    await head(page, 'Run').focus();
    await page.keyboard.press('Alt+ArrowLeft');
    await page.keyboard.press('Alt+Shift+ArrowRight');
    const heads = table(page).getByRole('columnheader');
    await page.reload();
    await expect(heads.nth(1)).toHaveText('Run');
    await expect(heads.last()).toHaveText('Learning rate');
    await expect(heads.filter({ hasText: 'Speed' })).toHaveCount(0);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('button', { name: 'As at first' }).click();
    await expect(heads.nth(1)).toHaveText('Status');
  });

  test('exports metrics of the selected runs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'engram-e2e-export-'));
    await workbench.app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
    }, folder);
    await rows(page).nth(0).click();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('e');
    await page.getByRole('checkbox', { name: 'gradientNorm' }).uncheck();
    await page.getByRole('button', { name: 'Choose…' }).click();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await expect(page.getByText(/Export of 2 runs: written to/)).toBeVisible();
    const [first, ...lines] = readFileSync(join(folder, '2-runs.csv'), 'utf8').trim().split('\n');
    expect(first).toContain('loss');
    expect(first).not.toContain('gradientNorm');
    expect(lines).toHaveLength(240);
    rmSync(folder, { recursive: true });
  });

  test('a new run comes in at the top; further down, it waits to be asked for', async () => {
    const { api } = await workbench.connect();
    await api.host.changeSettings({ cpuSlots: 0, gpuSlots: 0 });
    await api.runs.create({ specs: [smallSpec({ seed: 77 })], name: 'first of two' });
    await expect(rows(page).nth(0)).toContainText('first of two');
    await rows(page).nth(5).hover();
    await page.mouse.wheel(0, 400);
    const shown = rows(page).nth(20);
    await expect(shown).toBeVisible();
    const before = await table(page).getAttribute('aria-rowcount');
    await api.runs.create({ specs: [smallSpec({ seed: 78 })], name: 'second of two' });
    await page.getByRole('button', { name: '1 new run' }).waitFor();
    expect(await table(page).getAttribute('aria-rowcount')).toBe(before);
    await page.getByRole('button', { name: '1 new run' }).click();
    await expect(rows(page).nth(0)).toContainText('second of two');
    await expect(rows(page).nth(0)).toContainText('queued 2');
  });

  for (const theme of ['light', 'dark'] as const) {
    test(`an accessibility checker finds nothing serious (${theme})`, async () => {
      await page.emulateMedia({ colorScheme: theme });
      await rows(page).nth(2).click();
      await expect(page.getByRole('complementary', { name: /Details/ })).toContainText('Differs from the defaults in');
      await page.keyboard.press('s');
      await rows(page).nth(0).click();
      await page.keyboard.press('Enter');
      await rows(page).nth(1).click();
      await page.keyboard.press('x');
      await expect(page.getByRole('complementary', { name: /Details/ })).toContainText('Differs from the defaults in');
      expect(await findSerious(page)).toEqual([]);
      await page.keyboard.press('t');
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await findSerious(page)).toEqual([]);
      await page.keyboard.press('Escape');
    });
  }

  test('the page complains about nothing', () => expect(workbench.complaints).toEqual([]));
});

test('ten thousand runs are scrolled, filtered and selected', async () => {
  const workbench = await openWorkbench({ data: makeLab(10_000, 1) });
  const { page } = workbench;
  try {
    await expect(table(page)).toHaveAttribute('aria-rowcount', '10001');
    expect(await rows(page).count()).toBeLessThan(80);
    await rows(page).nth(0).click();
    await page.keyboard.press('End');
    await expect(table(page).locator('.current')).toHaveAttribute('aria-rowindex', '10001');
    await page.keyboard.press('ControlOrMeta+a');
    await expect(toolbar(page).getByText('10,000 selected')).toBeVisible();
    await page.keyboard.press('Escape');
    await filter(page).fill('yoked seed:7 ');
    await expect(count(page)).toHaveText('333 of 10,000');
    await filter(page).fill('');
    await page.keyboard.press('Enter');
    await page.keyboard.press('s');
    await expect(count(page)).toHaveText('10,000 in 1,000 groups');
  } finally {
    await workbench.close();
  }
});
