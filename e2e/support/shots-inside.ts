/** Look inside, view by view, each in the middle of the window, with networks that have learned. */
import type { Locator, Page } from '@playwright/test';
import type { TrainedLab } from './fill-inside.ts';
import { goTo, type Shot, type Stage } from './shots.ts';

type View = (page: Page, trained: TrainedLab, stage: Stage) => Promise<void>;

const views: Readonly<Record<string, View>> = {
  images: async (page, { images }) => {
    await open(page, images, '&step=201&synapse=150&post=200');
    await page.getByRole('region', { name: 'Attribution' }).waitFor();
    await page.mouse.move(0, 0);
  },
  attribution: async (page, { images }) => {
    await open(page, images, '&step=199&synapse=150&post=200');
    await middle(page.getByRole('region', { name: 'Attribution' }));
  },
  zoomed: async (page, { images }) => {
    await open(page, images, '&step=130&synapse=40&post=200&part=180,20,48&limits=free');
    await middle(page.locator('[data-matrices]').first());
  },
  pinned: async (page, { images }) => {
    await open(page, images, '&step=130&synapse=40&post=200&pins=150-200,40-200,210-20,60-60');
    await middle(page.getByRole('region', { name: 'Pinned synapses' }));
  },
  trace: async (page, { images }) => {
    await open(page, images, '&step=130');
    await page.getByRole('img', { name: /^Spectrum of hebb/ }).waitFor();
    await middle(page.getByRole('region', { name: 'The trace as a whole' }));
  },
  training: async (page, { images }) => {
    await open(page, images, '&step=130&synapse=40&post=200&pins=150-200,210-20');
    const rows = page.getByRole('region', { name: 'Over training' }).getByRole('button', { name: /^Checkpoint after/ });
    await rows.nth(2).click();
    await page.waitForTimeout(2000);
    await middle(page.getByRole('region', { name: 'Over training' }));
  },
  beside: async (page, { images, yoked }) => {
    await open(page, images, `&step=201&beside=${yoked}`);
    await page.getByRole('img', { name: 'Δ y(t)' }).waitFor();
    await middle(page.getByRole('region', { name: 'Beside' }));
  },
  difference: async (page, { images, yoked }) => {
    await open(page, images, `&step=201&synapse=150&post=200&beside=${yoked}`);
    await middle(page.getByRole('region', { name: 'Difference' }));
  },
  choice: async (page, { images }) => {
    await open(page, images);
    await page.getByRole('button', { name: 'Shown beside' }).click();
    await page.getByRole('listbox').getByRole('option').nth(3).waitFor();
  },
  gallery: async (page, { images, yoked }) => {
    await open(page, images, `&gallery=${yoked}&order=worst%201`);
    await compute(page);
  },
  'gallery-alone': async (page, { images }) => {
    await open(page, images);
    await compute(page);
  },
  changed: async (page, { images }) => {
    await open(page, images, '&step=201');
    await tryOut(page.getByRole('region', { name: 'Ablation' }));
    await middle(page.getByRole('region', { name: 'Ablation' }));
  },
  bits: async (page, { bits }) => {
    await open(page, bits, '&step=28');
    await page.getByRole('combobox', { name: 'Which episode' }).selectOption('own patterns');
    await paint(page, 'Pattern 1', [
      [1, 1, 6, 1],
      [1, 2, 1, 6],
      [6, 2, 6, 6],
      [2, 6, 5, 6],
    ]);
    await paint(page, 'Pattern 2', [
      [1, 1, 6, 6],
      [6, 1, 1, 6],
    ]);
    await page.mouse.move(0, 0);
  },
  maze: async (page, { maze }) => {
    await open(page, maze, '&step=40');
    await page.getByRole('img', { name: /^The agent at row/ }).waitFor();
  },
  'maze-own': async (page, { maze }) => {
    await open(page, maze, '&step=40');
    await page.getByRole('combobox', { name: 'Which episode' }).selectOption('own maze');
    await page.getByRole('group', { name: 'Own maze' }).getByRole('button', { name: 'Row 3, column 5: free' }).click();
  },
  characters: async (page, { characters }) => {
    await open(page, characters, '&step=4');
    await page.getByRole('region', { name: 'Characters' }).waitFor();
  },
  save: async (page, { images }) => {
    await open(page, images, '&step=130&synapse=150&post=200');
    await page.getByRole('button', { name: 'Save what is shown' }).click();
    await page.getByRole('menuitem', { name: 'Picture or film…' }).click();
    await page.getByLabel('Format').selectOption('film over the steps, WebM');
  },
};

export const insideShots: readonly Shot[] = Object.entries(views).map(([name, look]) => ({
  name: `inside-${name}`,
  of: 'trained',
  take: async (stage) => {
    await look(stage.page, stage.trained, stage);
    await stage.page.waitForTimeout(1200);
  },
}));

/** As a link opens it: nothing of the view before is left. */
async function open(page: Page, run: string, query = ''): Promise<void> {
  await goTo(page, '/runs');
  await goTo(page, `/runs/${run}?tab=inside${query}`);
  await page.locator('p.facts').waitFor();
  // What is asked for when nothing else is to be done comes last, and moves what is below it.
  await page.waitForTimeout(1500);
}

async function middle(view: Locator): Promise<void> {
  await view.waitFor();
  await view.evaluate((element) => element.scrollIntoView({ block: 'center' }));
}

async function compute(page: Page): Promise<void> {
  const gallery = page.getByRole('region', { name: 'Gallery' });
  await gallery.getByRole('button', { name: /^Compute/ }).click();
  await gallery
    .getByRole('button', { name: /^Open episode/ })
    .nth(23)
    .waitFor();
  await gallery.getByText('Computing…').waitFor({ state: 'hidden' });
  await gallery.evaluate((element) => element.scrollIntoView({ block: 'start' }));
  await page.mouse.wheel(0, -120);
}

/** Two changes, one of them swept; kept once, whatever the theme. */
async function tryOut(ablation: Locator): Promise<void> {
  await ablation.getByRole('button', { name: 'Change something' }).click();
  await ablation.getByLabel('What is changed').selectOption('alpha scaled');
  await ablation.getByRole('textbox', { name: 'alpha scaled, ×' }).fill('0.5');
  await ablation.getByRole('button', { name: 'Sweep alpha scaled' }).click();
  await ablation.locator('.point').nth(7).waitFor();
  await ablation.getByRole('button', { name: 'Change something else, too' }).click();
  await ablation.getByLabel('What is changed').last().selectOption('presentations shown');
  await ablation.getByRole('button', { name: /^Measure/ }).click();
  const keep = ablation.getByRole('button', { name: /^Keep/ }).last();
  await keep.waitFor();
  if ((await ablation.getByRole('button', { name: /^Run .* again$/ }).count()) === 0) await keep.click();
  await ablation.getByRole('button', { name: /^Run .* again$/ }).waitFor();
}

/** Strokes from cell to cell of eight, on a pattern that is cleared; a stroke that began on a painted cell would take away. */
async function paint(page: Page, pattern: string, strokes: readonly (readonly [number, number, number, number])[]): Promise<void> {
  await page.getByRole('button', { name: `Clear ${pattern.toLowerCase()}` }).click();
  const grid = page.getByRole('application', { name: new RegExp(`^${pattern},`) });
  for (const [fromColumn, fromRow, toColumn, toRow] of strokes) {
    await page.waitForTimeout(600);
    const { x, y, width, height } = (await grid.boundingBox())!;
    const at = (column: number, row: number) => [x + ((column + 0.5) * width) / 8, y + ((row + 0.5) * height) / 8] as const;
    await page.mouse.move(...at(fromColumn, fromRow));
    await page.mouse.down();
    await page.mouse.move(...at(toColumn, toRow), { steps: 8 });
    await page.mouse.up();
  }
}
