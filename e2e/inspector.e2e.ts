/** Looking inside a trained network: by mouse and by keyboard, with exact values, with something changed, and in the maze. */
import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRunSpec } from '../core/experiments/create-run-spec.ts';
import { decodeSafetensors } from '../core/files/safetensors.ts';
import { createTraceFactors, rightFactors, traceValue } from '../core/inspection/trace-factors.ts';
import { findSerious } from './support/axe.ts';
import { smallSpec } from './support/small-runs.ts';
import { lookInside, trainRun } from './support/train-run.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

let workbench: Workbench;
test.beforeEach(async () => {
  workbench = await openWorkbench();
});
test.afterEach(() => workbench.close());

const train = (spec = smallSpec({ episodes: 300 })) => trainRun(workbench, spec);
const scrubber = (page: Page) => page.getByRole('slider', { name: 'Step of the episode' });

test('every value is exactly that of the activations, at any step, and of the file that is saved', async () => {
  const { page, app, data } = workbench;
  const { api, id } = await train();
  await lookInside(page, id, '&step=3&synapse=2&post=5&episode=4');
  await expect(scrubber(page)).toHaveAttribute('aria-valuenow', '3');
  const { file, eta, labels } = await api.inspector.episode({ run: id, seed: 4 });
  const { arrays } = decodeSafetensors(readFileSync(join(data, file)));
  const factors = createTraceFactors({
    rule: 'hebb',
    eta: eta!,
    steps: labels.length,
    neurons: 17,
    y: arrays['y']!.data as Float32Array,
  });
  const hebb = page.locator('[data-panel=hebb]');
  const wanted = (step: number) => String(traceValue(factors, rightFactors(factors, step), 2, 5));
  await expect(hebb).toHaveAttribute('data-value', wanted(3));

  // By keyboard alone: steps, presentations, the end; then another synapse.
  await scrubber(page).focus();
  await page.keyboard.press('ArrowRight');
  await expect(hebb).toHaveAttribute('data-value', wanted(4));
  await page.keyboard.press('PageDown');
  await page.keyboard.press('End');
  await expect(scrubber(page)).toHaveAttribute('aria-valuetext', `step ${labels.length} of ${labels.length}, test`);
  await expect(hebb).toHaveAttribute('data-value', wanted(labels.length));
  await page.getByRole('button', { name: /^w, baseline weights/ }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('heading', { name: 'Synapse 3 → 5' })).toBeVisible();

  const save = async (item: string, name: string) => {
    const filePath = join(data, name);
    await app.evaluate(({ dialog }, path) => {
      const dialogs = dialog as unknown as Record<string, unknown>;
      dialogs['showSaveDialog'] = () => Promise.resolve({ canceled: false, filePath: path });
    }, filePath);
    await page.getByRole('button', { name: 'Save what is shown' }).click();
    await page.getByRole('menuitem', { name: item }).click();
    await expect(page.getByText(`Saved ${filePath}`)).toBeVisible();
    return readFileSync(filePath);
  };
  const saved = decodeSafetensors(await save('Arrays (safetensors)', 'view.safetensors')).arrays;
  const shown = Number(await hebb.getAttribute('data-value'));
  expect(saved['hebb']!.data[3 * 17 + 5]).toBe(Math.fround(shown));
  const [head, ...lines] = (await save('Activations (CSV)', 'view.csv')).toString('utf8').trimEnd().split('\n');
  expect(head!.split(',')).toHaveLength(2 + 17);
  expect(lines.at(-1)).toBe([labels.length, 'test', ...arrays['y']!.data.slice(-17)].join(','));

  // The address opens the same view again.
  const address = new URL(page.url()).hash;
  await page.goto('app://engram/#/runs');
  await page.goto(`app://engram/${address}`);
  await expect(page.getByRole('heading', { name: 'Synapse 3 → 5' })).toBeVisible();
  await expect(scrubber(page)).toHaveAttribute('aria-valuenow', String(labels.length));
  expect(await findSerious(page)).toEqual([]);
  expect(workbench.complaints).toEqual([]);
});

test('a change is seen, measured and swept; a gallery opens its episodes; nothing of the run changes', async () => {
  const { page } = workbench;
  const { api, id } = await train();
  // Its size is found out later.
  const kept = async () => ({ ...(await api.runs.get({ run: id })), sizeBytes: 0 });
  const before = await kept();
  await lookInside(page, id);
  const ablation = page.getByRole('region', { name: 'Ablation' });
  await ablation.getByRole('button', { name: /^Measure/ }).click();
  await expect(ablation.getByRole('row', { name: /^nothing/ })).toBeVisible();
  await ablation.getByRole('button', { name: 'Change something' }).click();
  await ablation.getByLabel('What is changed').selectOption('alpha = 0');
  await ablation.getByRole('button', { name: /^Measure/ }).click();
  await expect(ablation.getByRole('row', { name: /^alpha = 0/ })).toBeVisible();
  const { loss } = await api.inspector.score({ run: id, episodes: 20, ablation: { alpha: [{ kind: 'zero' }] } });
  await expect(
    ablation
      .getByRole('row', { name: /^alpha = 0/ })
      .getByRole('cell')
      .nth(1),
  ).toHaveText(loss.toPrecision(4).replace(/0+$/, ''));
  await expect(page.locator('[data-panel=alpha]')).toHaveCount(0);

  await ablation.getByLabel('What is changed').selectOption('alpha scaled');
  await ablation.getByRole('button', { name: 'Sweep alpha scaled' }).click();
  await expect(ablation.locator('.point')).toHaveCount(8);

  const beside = page.getByRole('region', { name: 'Beside' });
  await beside.getByRole('button', { name: 'Shown beside' }).click();
  await page.getByRole('combobox', { name: 'Find a checkpoint or run' }).fill('after 100 ');
  await page.keyboard.press('Enter');
  await expect(beside.getByRole('img', { name: 'Δ y(t)' })).toBeVisible();

  const gallery = page.getByRole('region', { name: 'Gallery' });
  await gallery.getByRole('button', { name: /^Compute/ }).click();
  await expect(gallery.getByRole('listitem')).toHaveCount(24);
  await gallery.getByRole('button', { name: 'Open episode 7', exact: true }).click();
  await expect(page.getByRole('spinbutton', { name: 'episode' })).toHaveValue('7');
  expect(await kept()).toEqual(before);
});

test('the maze is replayed, and a network without plasticity shows what it has', async () => {
  const { page } = workbench;
  const settings = { mazeSize: 3, episodeSteps: 20, neurons: 8 };
  const { id } = await train(
    createRunSpec({ experiment: 'maze', variant: 'modulated', backend: 'wasm', batch: 10, episodes: 30, settings }),
  );
  await lookInside(page, id, '&step=5');
  await expect(page.getByRole('img', { name: /^The agent at row/ })).toBeVisible();
  await expect(page.getByRole('img', { name: 'm(t)' })).toBeVisible();

  const plain = await train(smallSpec({ variant: 'non-plastic', episodes: 20 }));
  await lookInside(page, plain.id);
  await expect(page.getByRole('button', { name: /^w, baseline weights/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /^hebb/ })).toHaveCount(0);
});
