/** Episodes of one's own in Look inside: painted bits, dropped pictures, a maze set by hand, and those of training. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { createRunSpec, type RunChoices } from '../core/experiments/create-run-spec.ts';
import { encodePng } from '../core/files/png.ts';
import { findSerious } from './support/axe.ts';
import { lookInside, trainRun } from './support/train-run.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

let workbench: Workbench;
let folder: string;
test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'engram-own-'));
  workbench = await openWorkbench();
});
test.afterEach(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true });
});

const presentations = { patterns: 2, presentationsPerPattern: 2, presentationSteps: 2, interPresentationDelay: 1, evaluationEvery: 0 };

/** A short training, looked into. */
async function lookInto(choices: Pick<RunChoices, 'experiment' | 'settings'>) {
  const { page } = workbench;
  const { id } = await trainRun(workbench, createRunSpec({ backend: 'wasm', batch: 1, episodes: 20, ...choices }));
  await lookInside(page, id);
  const facts = page.locator('p.facts');
  await expect(facts).toContainText('loss', { timeout: 60_000 });
  return { page, facts, which: page.getByRole('combobox', { name: 'Which episode' }) };
}

test('patterns of bits are painted, by pointer and by keys, and the network answers them', async () => {
  const { page, facts, which } = await lookInto({ experiment: 'binary', settings: { ...presentations, bits: 64 } });
  await which.selectOption('own patterns');
  const grids = page.getByRole('list', { name: 'Own patterns' }).getByRole('application');
  await expect(grids).toHaveCount(2);
  await page.getByRole('button', { name: 'Clear pattern 1' }).click();
  await expect(grids.first()).toHaveAttribute('data-on', '0');
  const before = await facts.textContent();

  // What is computed meanwhile may move the page below the pointer.
  await expect(async () => {
    await page.getByRole('button', { name: 'Clear pattern 1' }).click();
    await grids.first().hover({ position: { x: 5, y: 5 } });
    const { x, y } = (await grids.first().boundingBox())!;
    await page.mouse.down();
    await page.mouse.move(x + 100, y + 5, { steps: 30 });
    await page.mouse.up();
    await expect(grids.first()).toHaveAttribute('data-on', '8', { timeout: 1000 });
  }).toPass();
  await expect(facts).not.toHaveText(before!);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(grids.first()).toHaveAttribute('data-on', '9');
  await page.getByRole('button', { name: 'Invert pattern 1' }).click();
  await expect(grids.first()).toHaveAttribute('data-on', '55');
  expect(await findSerious(page)).toEqual([]);

  await page.getByRole('button', { name: 'Compute 24 episodes of one’s own patterns' }).click();
  await expect(page.getByRole('button', { name: 'Open episode 23' })).toBeVisible();
  const ablation = page.getByRole('region', { name: 'Ablation' });
  await ablation.getByRole('button', { name: 'Change something' }).click();
  await ablation.getByRole('button', { name: 'Measure over 20 episodes of one’s own patterns' }).click();
  await ablation.getByRole('button', { name: /^Keep / }).click();
  await expect(ablation.getByRole('region', { name: 'Tried' })).toContainText('20 episodes of one’s own patterns measured');

  // A link shows the same patterns again, and so does what was kept.
  await expect.poll(() => page.url()).toContain('given=bits.2.64.');
  const painted = await facts.textContent();
  await page.reload();
  await expect(grids.first()).toHaveAttribute('data-on', '55', { timeout: 60_000 });
  await expect(facts).toHaveText(painted!);
  await which.selectOption('held-out');
  await expect(grids).toHaveCount(0);
  await ablation.getByRole('button', { name: /^Run .* again$/ }).click();
  await expect(grids.first()).toHaveAttribute('data-on', '55');
  await expect(facts).toHaveText(painted!);
  await which.selectOption('held-out');
  await expect(grids).toHaveCount(0);
  expect(workbench.complaints).toEqual([]);
});

test('pictures are made grey and small, which is said; what is none is refused; training shows other ones', async () => {
  const { page, facts, which } = await lookInto({ experiment: 'images', settings: { ...presentations, imageSize: 16 } });
  const heldOut = await facts.textContent();
  await which.selectOption('of training');
  await expect(facts).not.toHaveText(heldOut!);
  await expect.poll(() => page.url()).toContain('own=training');

  await which.selectOption('own images');
  await expect(facts).toHaveText(heldOut!);
  const colour = Uint8Array.from({ length: 40 * 30 * 3 }, (_, at) => (at * at) % 251);
  writeFileSync(join(folder, 'colour.png'), encodePng({ width: 40, height: 30, channels: 3, pixels: colour }));
  const grey = Uint8Array.from({ length: 16 * 16 }, (_, at) => at);
  writeFileSync(join(folder, 'grey.png'), encodePng({ width: 16, height: 16, channels: 1, pixels: grey }));
  writeFileSync(join(folder, 'flat.png'), encodePng({ width: 16, height: 16, channels: 1, pixels: grey.map(() => 9) }));
  writeFileSync(join(folder, 'notes.png'), 'no picture');
  const images = page.getByRole('list', { name: 'Own images' });
  await images.getByLabel('Image 1').setInputFiles(join(folder, 'colour.png'));
  await expect(images).toContainText('40 × 30, colour: the square in its middle, grey, 16 × 16');
  await expect(page.getByText('One image is missing')).toBeVisible();
  await images.getByLabel('Image 2').setInputFiles(join(folder, 'notes.png'));
  await expect(page.getByRole('alert')).toHaveText('notes.png cannot be read as a picture: a PNG or JPEG is wanted');
  await images.getByLabel('Image 2').setInputFiles(join(folder, 'flat.png'));
  await expect(page.getByRole('alert')).toHaveText('image 2 is of one colour: there is nothing to remember');

  const { x, y } = (await images.getByRole('listitem').nth(1).boundingBox())!;
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [join(folder, 'grey.png')], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: x + 30, y: y + 30, data });
  await expect(images).toContainText('16 × 16');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(facts).not.toHaveText(heldOut!);
  await expect.poll(() => page.url()).toContain('given=grey.2.256.');
  const shown = await facts.textContent();
  await page.reload();
  await expect(images).toContainText('as it was given before', { timeout: 60_000 });
  await expect(facts).toHaveText(shown!);
  expect(await findSerious(page)).toEqual([]);
});

test('a maze is set by clicks, and the agent begins there, between its walls', async () => {
  const { page, facts, which } = await lookInto({
    experiment: 'maze',
    settings: { mazeSize: 5, episodeSteps: 40, neurons: 12, evaluationEvery: 0 },
  });
  await expect(facts).toContainText('loss');
  await which.selectOption('own maze');
  const maze = page.getByRole('group', { name: 'Own maze' });
  await expect(maze.getByRole('button')).toHaveCount(25);
  await maze.getByRole('button', { name: 'Row 3, column 5: free' }).click();
  await expect(maze.getByRole('button', { name: 'Row 3, column 5: the reward' })).toBeVisible();
  await maze.getByRole('radio', { name: 'the start' }).check();
  await maze.getByRole('button', { name: 'Row 3, column 5: the reward' }).click();
  await expect(maze.getByRole('button', { name: 'Row 3, column 5: the start' })).toBeVisible();
  await expect(maze.getByRole('button', { name: 'Row 1, column 1: the reward' })).toBeVisible();
  await maze.getByRole('radio', { name: 'a wall' }).check();
  await maze.getByRole('button', { name: 'Row 2, column 2: wall' }).click();
  await maze.getByRole('button', { name: 'Row 3, column 3: free' }).click();
  await expect(maze.getByRole('button', { name: /: wall$/ })).toHaveCount(4);
  await expect(maze.getByRole('button', { name: 'Row 1, column 1: the reward' })).toBeDisabled();
  await expect.poll(() => page.url()).toContain('given=maze.1-1.3-5.2-4_4-2_4-4_3-3');
  await expect(page.getByRole('region', { name: 'Maze' })).toBeVisible();
  await page.reload();
  await expect(maze.getByRole('button', { name: 'Row 3, column 3: wall' })).toBeVisible({ timeout: 60_000 });
  await maze.getByRole('button', { name: 'Walls as in training' }).click();
  await expect(maze.getByRole('button', { name: 'Row 2, column 2: wall' })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect(await findSerious(page)).toEqual([]);
});
