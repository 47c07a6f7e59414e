/** Everything that floats over a page (dialogs, menus, popovers, fields that open), in both themes: an accessibility checker finds nothing serious. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pictureFiles, writeFiles } from '../main/datasets/test-support/sources.ts';
import type { HostClient } from '../main/host-client/connect-host.ts';
import { findSerious } from './support/axe.ts';
import { smallSpec } from './support/small-runs.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

const sources = mkdtempSync(join(tmpdir(), 'engram-floating-'));
let workbench: Workbench;
let client: HostClient;
let page: Page;
let runs: readonly string[];

test.beforeAll(async () => {
  writeFiles(join(sources, 'pets'), pictureFiles);
  workbench = await openWorkbench();
  page = workbench.page;
  client = await workbench.connect();
  const { api, followRun } = client;
  await api.host.changeSettings({ minimumFreeBytes: 0, cpuSlots: 1 });
  const specs = [1, 2, 3].map((seed) => smallSpec({ seed, episodes: 40 }));
  runs = (await api.runs.create({ specs, group: 'some group', tags: ['paper'] })).map(({ id }) => id);
  for (const id of runs) for await (const _update of followRun(id));
  await api.runs.trash({ runs: [runs[2]!] });
  await api.datasets.add({ path: join(sources, 'pets'), name: 'pets', place: 'in-place' });
});
test.afterAll(async () => {
  await workbench.close();
  rmSync(sources, { recursive: true, force: true });
});

const goTo = (route: string) => page.goto(`app://engram/#${route}`);
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const dialog = () => page.getByRole('dialog');
const menu = () => page.getByRole('menu');
const firstLine = () => page.locator('[role=grid] [data-index="0"]');

async function onRuns(): Promise<void> {
  await goTo('/runs');
  await expect(firstLine()).toBeVisible();
  await firstLine().click();
}

async function onRun(): Promise<void> {
  await goTo(`/runs/${runs[0]!}`);
  await expect(page.getByRole('slider', { name: /^Loss along/ })).toBeVisible();
}

interface Floating {
  readonly name: string;
  /** Opens it; what is then there. */
  readonly open: () => Promise<Locator>;
}

const byKey = (name: string, key: string): Floating => ({
  name,
  open: async () => {
    await onRuns();
    await page.keyboard.press(key);
    return dialog();
  },
});
const popover = (name: string | RegExp): Floating => ({
  name: String(name),
  open: async () => {
    await onRuns();
    await page.keyboard.press('Escape');
    await button(name).first().click();
    return dialog();
  },
});

const all: readonly Floating[] = [
  byKey('command palette', 'Control+k'),
  byKey('keyboard shortcuts', '?'),
  byKey('name of a run', 'F2'),
  byKey('tags', 't'),
  byKey('group', 'g'),
  byKey('note', 'n'),
  byKey('export of runs', 'e'),
  popover('Group'),
  popover('Columns'),
  popover('Views'),
  popover('Filter: Variant'),
  popover('Filter: Tags'),
  {
    name: 'name of a view',
    open: async () => {
      await popover('Views').open();
      await button('Save this view…').click();
      return page.getByRole('dialog', { name: 'Save this view' });
    },
  },
  {
    name: 'completion of the filter',
    open: async () => {
      await onRuns();
      await page.keyboard.press('/');
      await page.keyboard.type('fre');
      return page.getByRole('listbox');
    },
  },
  {
    name: 'menu of a line of the table',
    open: async () => {
      await onRuns();
      await firstLine().click({ button: 'right' });
      return menu();
    },
  },
  {
    name: 'deleting from the trash, in the table',
    open: async () => {
      await popover('Views').open();
      await button(/^Trash/).click();
      await firstLine().click();
      await page.keyboard.press('Delete');
      return page.getByRole('dialog', { name: /for good/ });
    },
  },
  {
    name: 'menu of a run',
    open: async () => {
      await onRun();
      await button('More actions').click();
      return menu();
    },
  },
  {
    name: 'more episodes for a run',
    open: async () => {
      await onRun();
      await page.keyboard.press('x');
      return dialog();
    },
  },
  {
    name: 'name of a run, on its page',
    open: async () => {
      await onRun();
      await page.keyboard.press('F2');
      return page.getByRole('textbox', { name: 'Name of the run' });
    },
  },
  {
    name: 'note of a run, on its page',
    open: async () => {
      await onRun();
      await page.keyboard.press('n');
      return page.getByRole('textbox', { name: 'Note' });
    },
  },
  {
    name: 'menu of a chart',
    open: async () => {
      await onRun();
      await button(/^Export .*loss/i)
        .first()
        .click();
      return menu();
    },
  },
  {
    name: 'runs to be compared',
    open: async () => {
      await goTo('/compare');
      await button('Choose runs').click();
      return dialog();
    },
  },
  {
    name: 'menu of a comparison',
    open: async () => {
      await goTo(`/compare?runs=${runs[0]!},${runs[1]!}`);
      await button(/^Export comparison/).click();
      return menu();
    },
  },
  {
    name: 'import of a data set',
    open: async () => {
      await goTo('/datasets');
      await workbench.app.evaluate(
        ({ dialog: dialogs }, path) => {
          dialogs.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
        },
        join(sources, 'pets'),
      );
      await button('Import data set…').click();
      await dialog().getByRole('button', { name: 'Folder…' }).click();
      await expect(dialog()).toContainText('pets');
      return dialog();
    },
  },
  {
    name: 'menu of a data set',
    open: async () => {
      await goTo('/datasets');
      await button('Actions on pets').click();
      return menu();
    },
  },
  {
    name: 'removing a data set',
    open: async () => {
      await goTo('/datasets');
      await button('Actions on pets').click();
      await page.getByRole('menuitem', { name: 'Remove…' }).click();
      return dialog();
    },
  },
  {
    name: 'emptying the trash',
    open: async () => {
      await goTo('/system?part=storage');
      await button('Delete for good…').click();
      return dialog();
    },
  },
  {
    name: 'making the databases anew',
    open: async () => {
      await goTo('/system?part=storage');
      await button('Rebuild…').click();
      return dialog();
    },
  },
  {
    name: 'words at the edge of the page',
    open: async () => {
      await onRuns();
      await page.keyboard.press('p');
      return page.getByText(/protected$/).last();
    },
  },
];

for (const { name, open } of all) {
  test(name, async () => {
    await goTo('/queue');
    await page.reload();
    const floating = await open();
    await page.emulateMedia({ colorScheme: 'light' });
    await expect(floating).toBeVisible();
    expect(await findSerious(page)).toEqual([]);
    // Colours are all that a theme changes.
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect(floating).toBeVisible();
    expect(await findSerious(page, ['color-contrast'])).toEqual([]);
  });
}
