/** Changing things while looking inside: by keyboard, several at once, refused in words, kept with the run and run again. */
import { expect, test, type Page } from '@playwright/test';
import { createRunSpec } from '../core/experiments/create-run-spec.ts';
import { findSerious } from './support/axe.ts';
import { smallSpec } from './support/small-runs.ts';
import { lookInside, trainRun } from './support/train-run.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

let workbench: Workbench;
test.beforeEach(async () => {
  workbench = await openWorkbench();
});
test.afterEach(() => workbench.close());

const train = (spec = smallSpec({ episodes: 200 })) => trainRun(workbench, spec);
const regionOf = (page: Page) => page.getByRole('region', { name: 'Ablation' });

test('the trace is cleared and presentations are chosen, by keyboard; what is wrong is said; what was tried is kept and run again', async () => {
  const { page } = workbench;
  const { api, id } = await train();
  await lookInside(page, id, '&step=6');
  const ablation = regionOf(page);
  await expect(page.getByRole('slider', { name: 'Step of the episode' })).toHaveAttribute('aria-valuenow', '6');

  // The trace, cleared where the scrubber stands.
  await ablation.getByRole('button', { name: 'Change something' }).focus();
  await page.keyboard.press('Enter');
  await ablation.getByLabel('What is changed').selectOption('hebb = 0 at a step');
  const field = ablation.getByLabel('hebb = 0 at a step', { exact: true });
  await expect(field).toHaveValue('6');
  await expect(page.locator('.changed')).toHaveText('hebb = 0 at a step 6');
  const cleared = await api.inspector.episode({ run: id, seed: 0, ablation: { clearedAt: 6 } });
  await expect(page.locator('p.facts')).toContainText(String(Number(cleared.loss.toPrecision(4))));

  // Out of range: said at the place, by the field or by who runs it, and nothing is lost.
  await field.fill('0');
  await expect(ablation.getByRole('alert')).toHaveText('It must be a whole number from 1 to 1000000, not "0".');
  await expect(ablation.getByRole('button', { name: /^Measure/ })).toBeDisabled();
  await field.fill('900');
  await expect(page.getByRole('alert')).toContainText('its trace cannot be cleared at step 900');
  await field.fill('6');
  await expect(page.getByRole('alert')).toHaveCount(0);

  // Several at once, measured beside the original; one of them is turned with the others held.
  await ablation.getByRole('button', { name: 'Change something else, too' }).focus();
  await page.keyboard.press('Enter');
  await ablation.getByLabel('What is changed').last().selectOption('presentations shown');
  const shown = ablation.getByLabel('presentations shown', { exact: true });
  await expect(shown).toHaveValue('1 2 3 4');
  await shown.fill('4 1 1');
  await expect(page.getByRole('slider', { name: 'Step of the episode' })).toHaveAttribute('aria-valuemax', String(3 * 4 + 3));
  await ablation.getByRole('button', { name: /^Measure/ }).focus();
  await page.keyboard.press('Enter');
  const name = 'hebb = 0 at a step 6, presentations shown 4 1 1';
  await expect(ablation.getByRole('row', { name: new RegExp(`^${name}`) })).toBeVisible();
  await expect(ablation.getByRole('row', { name: /^nothing/ })).toBeVisible();
  const { loss } = await api.inspector.score({ run: id, episodes: 20, ablation: { clearedAt: 6, presentations: [4, 1, 1] } });
  await expect(ablation.getByRole('row', { name: new RegExp(`^${name}`) })).toContainText(String(Number(loss.toPrecision(4))));
  await ablation.getByRole('button', { name: 'Sweep hebb = 0 at a step' }).click();
  await expect(ablation.getByRole('img', { name: /against hebb = 0 at a step, with presentations shown 4 1 1$/ })).toBeVisible();

  // Kept, named, found after the page was opened anew; the address opens the same changes.
  await ablation.getByRole('button', { name: `Keep ${name}` }).focus();
  await page.keyboard.press('Enter');
  const tried = page.getByRole('region', { name: 'Tried' });
  await tried.getByLabel('Name of what was tried').fill('late, and the second one twice');
  await page.keyboard.press('Tab');
  await expect
    .poll(async () => (await api.inspector.tried.list({ run: id })).map((each) => each.name))
    .toEqual(['late, and the second one twice']);
  const [kept] = await api.inspector.tried.list({ run: id });
  expect(kept).toMatchObject({ ablation: { clearedAt: 6, presentations: [4, 1, 1] }, changed: { loss }, episodes: 20 });
  expect(kept!.sweep!.points.length).toBeGreaterThan(3);
  await expect.poll(() => page.url()).toContain('changed=hebb-zero');
  const address = new URL(page.url()).hash;
  await page.goto('app://engram/#/runs');
  await page.goto(`app://engram/${address}`);
  await expect(page.locator('.changed')).toHaveText(name);
  await ablation.getByRole('button', { name: 'Remove hebb = 0 at a step' }).click();
  await ablation.getByRole('button', { name: 'Remove presentations shown' }).click();
  await expect(page.locator('.changed')).toHaveCount(0);
  await tried.getByRole('button', { name: /^Run late/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.changed')).toHaveText(name);
  await expect(ablation.getByRole('row', { name: new RegExp(`^${name}`) })).toContainText(String(Number(loss.toPrecision(4))));
  expect(await findSerious(page)).toEqual([]);
  await tried.getByRole('button', { name: /^Remove late/ }).click();
  await expect(tried).toHaveCount(0);
  expect(workbench.complaints).toEqual([]);
});

test('an agent and an LSTM are changed as far as they can be, and the rest is said', async () => {
  const { page } = workbench;
  const settings = { mazeSize: 3, episodeSteps: 20, neurons: 8 };
  const maze = createRunSpec({ experiment: 'maze', variant: 'free', backend: 'wasm', batch: 10, episodes: 20, settings });
  const { api, id } = await train(maze);
  await lookInside(page, id, '&step=9&changed=hebb-zero:9,noise-inputs:0.5');
  const ablation = regionOf(page);
  await expect(ablation).toContainText('there are no presentations to choose');
  await ablation.getByRole('button', { name: /^Measure/ }).click();
  const { score } = await api.inspector.score({ run: id, episodes: 20, ablation: { clearedAt: 9, noise: { inputs: 0.5, seed: 0 } } });
  await expect(ablation.getByRole('row', { name: /^hebb = 0 at a step 9, noise on inputs 0.5/ })).toContainText(
    String(Number(score.toPrecision(4))),
  );

  const lstm = await train(createRunSpec({ experiment: 'maze', variant: 'lstm', backend: 'wasm', batch: 10, episodes: 20, settings }));
  await lookInside(page, lstm.id);
  await expect(ablation).toContainText('This network has no plastic part');
  await ablation.getByRole('button', { name: 'Change something' }).click();
  await expect(ablation.getByLabel('What is changed')).toHaveValue('noise-inputs');
});
