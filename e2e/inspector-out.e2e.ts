/** Looking inside: two networks compared, what is shown as files, and one's own weights. */
import { expect, test } from '@playwright/test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BufferSource, Input, WEBM } from 'mediabunny';
import sharp from 'sharp';
import { decodeNpz } from '../core/files/npz.ts';
import { encodeNpz } from '../core/files/npz-write.ts';
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

const neurons = 17;

const train = (spec = smallSpec({ episodes: 300 })) => trainRun(workbench, spec);

test('two checkpoints are compared by keyboard: exact differences of every matrix at any step', async () => {
  const { page, data } = workbench;
  const { api, id } = await train();
  const other = await train(smallSpec({ episodes: 60, seed: 2 }));
  await lookInside(page, id, '&step=4&synapse=2&post=5&episode=3');
  const beside = page.getByRole('region', { name: 'Beside' });
  await beside.getByRole('button', { name: 'Shown beside' }).focus();
  await page.keyboard.press('Enter');
  const search = page.getByRole('combobox', { name: 'Find a checkpoint or run' });
  await search.fill('seed 2');
  await expect(page.getByRole('listbox').getByRole('option')).toHaveCount(1);
  await search.fill('this run after 100');
  await page.keyboard.press('Enter');
  await expect(beside.getByRole('button', { name: 'Shown beside' })).toHaveText('this run after 100 episodes');

  const { checkpoints } = await api.runs.get({ run: id });
  const early = checkpoints.find(({ episodes, removed }) => episodes === 100 && !removed)!;
  const look = async (file: string) => {
    const { file: episode, weights, eta, labels } = await api.inspector.episode({ run: id, file, seed: 3 });
    const read = (path: string) => decodeSafetensors(readFileSync(join(data, path))).arrays;
    const y = read(episode)['y']!.data as Float32Array;
    const factors = createTraceFactors({ rule: 'hebb', eta: eta!, steps: labels.length, neurons, y });
    const [w, alpha] = ['w', 'alpha'].map((name) => read(weights)[name]!.data[2 * neurons + 5]!);
    return { steps: labels.length, factors, w: w!, alpha: alpha! };
  };
  const sides = [await look(early.file), await look(checkpoints.at(-1)!.file)];
  const [there, here] = sides;
  const wanted = (step: number) => {
    const hebb = sides.map(({ factors }) => traceValue(factors, rightFactors(factors, step), 2, 5));
    return {
      w: there!.w - here!.w,
      alpha: there!.alpha - here!.alpha,
      hebb: hebb[0]! - hebb[1]!,
      plastic: there!.alpha * hebb[0]! - here!.alpha * hebb[1]!,
      total: there!.w + there!.alpha * hebb[0]! - (here!.w + here!.alpha * hebb[1]!),
    };
  };
  const scrubber = page.getByRole('slider', { name: 'Step of the episode' });
  const compare = async (step: number) => {
    for (const [name, value] of Object.entries(wanted(step)))
      await expect(page.locator(`[data-panel=difference-${name}]`)).toHaveAttribute('data-value', String(value));
  };
  await compare(4);
  await scrubber.focus();
  await page.keyboard.press('End');
  await compare(here!.steps);

  // Another run, and one of its checkpoints; the address keeps it.
  await beside.getByRole('button', { name: 'Shown beside' }).click();
  await search.fill('seed 2');
  await page.keyboard.press('Enter');
  await beside.getByLabel(/^Checkpoint of/).selectOption('60 episodes');
  await expect.poll(() => page.url()).toContain(`beside=${other.id}%2F`);
  await beside.getByRole('button', { name: 'Nothing beside' }).click();
  await expect(page.getByRole('region', { name: 'Difference' })).toHaveCount(0);
  await page.goto('app://engram/#/runs');
  await lookInside(page, id, `&beside=${other.id}/checkpoints/none`);
  await expect(beside.getByRole('alert')).toContainText('has no checkpoint "checkpoints/none"');
  // A run that is gone: said at the place, and what is looked at stays.
  await api.runs.trash({ runs: [other.id] });
  await api.runs.purge({ runs: [other.id] });
  await page.goto('app://engram/#/runs');
  await lookInside(page, id, `&beside=${other.id}`);
  await expect(beside.getByRole('alert')).toContainText(other.id);
  await expect(page.getByRole('button', { name: /^hebb\(t\)/ })).toHaveCount(1);
  expect(workbench.complaints).toEqual([]);
});

async function save(path: string, how: () => Promise<void>): Promise<Buffer> {
  const { page, app } = workbench;
  await app.evaluate(({ dialog }, filePath) => {
    (dialog as unknown as Record<string, unknown>)['showSaveDialog'] = () => Promise.resolve({ canceled: false, filePath });
  }, path);
  await how();
  await expect(page.getByText(`Saved ${path}`)).toBeVisible();
  return readFileSync(path);
}

async function readFilm(webm: Uint8Array) {
  const input = new Input({ formats: [WEBM], source: new BufferSource(webm) });
  const track = (await input.getPrimaryVideoTrack())!;
  const { packetCount, averagePacketRate } = await track.computePacketStats();
  return { codec: await track.getCodec(), frames: packetCount, rate: Math.round(averagePacketRate) };
}

test('what is shown is saved: the numbers under the cursor, pictures, drawings, films; and a link opens the same view', async () => {
  test.slow();
  const { page, app, data } = workbench;
  const { id } = await train();
  await lookInside(page, id, '&step=7&synapse=2&post=5&episode=3&limits=free&part=1,2,10');
  const value = async (name: string) => Number(await page.locator(`[data-panel=${name}]`).getAttribute('data-value'));
  await expect(page.locator('[data-panel=total]')).toBeVisible();

  // Arrays: exactly what is under the cursor, as float32, in both formats.
  const menu = page.getByRole('button', { name: 'Save what is shown' });
  const item = (name: string) => async () => {
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name }).press('Enter');
  };
  const arrays = decodeSafetensors(await save(join(data, 'view.safetensors'), item('Arrays (safetensors)'))).arrays;
  for (const name of ['w', 'alpha', 'hebb', 'plastic', 'total'])
    expect(arrays[name]!.data[2 * neurons + 5], name).toBe(Math.fround(await value(name)));
  expect(decodeNpz(await save(join(data, 'view.npz'), item('Arrays (npz)')))).toEqual(arrays);

  // The numbers under curves.
  const lines = async (name: string) => {
    const button = page.getByRole('button', { name: `Save the numbers of ${name} (CSV)` });
    const file = await save(join(data, `${name}.csv`), () => button.press('Enter'));
    return file
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
  };
  const trace = await lines('hebb over the episode');
  expect(trace[0]).toEqual(['step', 'hebb over the episode']);
  expect(Number(trace[7]![1])).toBe(await value('hebb'));
  const drive = await lines('drive of neuron 5 at step 7');
  expect(drive.map(([part]) => part)).toContain('image 1');
  const bins = await lines('histogram of alpha');
  expect(bins.slice(1).reduce((sum, [, , count]) => sum + Number(count), 0)).toBe(neurons ** 2);

  // Pictures and films.
  const film = (format: string, ending: string) =>
    save(join(data, `view.${ending}`), async () => {
      await item('Picture or film')();
      await page.getByLabel('Format').selectOption(format);
      if (format.startsWith('film')) {
        await page.getByLabel('First step').fill('3');
        await page.getByLabel('Last step').fill('6');
      }
      await page.getByRole('button', { name: /^Save (picture|film)$/ }).press('Enter');
    });
  const png = await sharp(await film('picture of this step, PNG', 'png'))
    .raw()
    .toBuffer();
  expect(new Set(png).size).toBeGreaterThan(50);
  const svg = (await film('drawing of this step, SVG', 'svg')).toString('utf8');
  expect(svg).toMatch(/>w \+ α ∘ hebb\(t\)<\/text>/);
  expect(svg).toContain('step 7 of');
  const { width } = await sharp(Buffer.from(svg)).metadata();
  expect(width).toBeGreaterThan(600);
  // Cells 2 to 12 of the rows are seen, which the axes say.
  expect(svg).toMatch(/>12<\/text>/);
  const gif = await sharp(await film('film over the steps, GIF', 'gif')).metadata();
  expect([gif.pages, gif.delay]).toEqual([4, [100, 100, 100, 100]]);
  const webm = await film('film over the steps, WebM', 'webm');
  expect(await readFilm(webm)).toEqual({ codec: 'vp9', frames: 4, rate: 10 });
  await expect(page.getByRole('slider', { name: 'Step of the episode' })).toHaveAttribute('aria-valuenow', '7');

  // The link, in a window of its own.
  await item('Copy link to this view')();
  await expect(page.getByText('The link is copied')).toBeVisible();
  const link = await app.evaluate(({ clipboard }) => clipboard.readText());
  await page.keyboard.press('Control+K');
  await page.getByPlaceholder(/^Type a command/).fill(link);
  const [other] = await Promise.all([app.waitForEvent('window'), page.keyboard.press('Enter')]);
  await expect(other.getByRole('heading', { name: 'Synapse 2 → 5' })).toBeVisible();
  await expect(other.getByRole('slider', { name: 'Step of the episode' })).toHaveAttribute('aria-valuenow', '7');
  await expect(other.getByLabel('limits locked')).not.toBeChecked();
  await expect(other.locator('[data-matrices]')).toHaveAttribute('data-part', '1,2,10');
  await expect(other.locator('[data-panel=total]')).toHaveAttribute('data-value', String(await value('total')));
  await other.close();
  expect(workbench.complaints).toEqual([]);
});

test("one's own weights are looked at; what is no number is counted; what does not fit is refused in words", async () => {
  const { page, app, data } = workbench;
  const { api, id } = await train();
  const { weights } = await api.inspector.episode({ run: id, seed: 0 });
  const { w, alpha } = decodeSafetensors(readFileSync(join(data, weights))).arrays;
  const broken = { ...w!, data: w!.data.slice() };
  broken.data[5] = NaN;
  const files = { small: { w: { dtype: 'F32', shape: [2, 2], data: new Float32Array(4) } }, broken: { w: broken, alpha: alpha! } } as const;
  const choose = async (name: keyof typeof files, button: string) => {
    const path = join(data, `${name}.npz`);
    writeFileSync(path, encodeNpz(files[name]));
    await app.evaluate(({ dialog }, chosen) => {
      (dialog as unknown as Record<string, unknown>)['showOpenDialog'] = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
    }, path);
    await page.getByRole('group', { name: 'Weights' }).getByRole('button', { name: button }).press('Enter');
  };
  await lookInside(page, id, '&synapse=0&post=5');
  await expect(page.locator('[data-panel=w]')).toHaveAttribute('data-value', String(w!.data[5]));
  await choose('small', 'Open your own…');
  await expect(page.getByRole('alert')).toHaveText(`w must be of shape [${neurons}, ${neurons}] and has the shape [2, 2]`);
  // What was seen before stays.
  await expect(page.locator('[data-panel=w]')).toHaveAttribute('data-value', String(w!.data[5]));
  await choose('broken', 'Another…');
  await expect(page.getByText(/Not a number: 1 of w, \d+ of y/)).toBeVisible();
  await expect(page.getByText('alpha, w from the file')).toBeVisible();
  await expect(page.locator('[data-panel=w]')).toHaveAttribute('data-value', 'NaN');
  await page.getByRole('button', { name: 'Back to the checkpoint’s' }).press('Enter');
  await expect(page.locator('[data-panel=w]')).toHaveAttribute('data-value', String(w!.data[5]));
  await expect(page.getByText(/Not a number/)).toHaveCount(0);

  // Dropped, it is opened, too.
  const dropped = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['x'], 'own.safetensors'));
    return transfer;
  })()`);
  await page.locator('[data-matrices]').first().dispatchEvent('drop', { dataTransfer: dropped });
  // It lies on no disk: the window says so.
  await expect(page.getByText('own.safetensors cannot be read')).toBeVisible();
});

test('a gallery shows the same images in several checkpoints and runs, sorted by any of them; others are refused in words', async () => {
  test.slow();
  const { page } = workbench;
  const { api, id } = await train();
  const sibling = await train(smallSpec({ episodes: 100, settings: { learningRate: 0.001 } }));
  const stranger = await train(smallSpec({ episodes: 20, settings: { patterns: 3 } }));
  const { checkpoints } = await api.runs.get({ run: id });
  const early = checkpoints.find(({ episodes, removed }) => episodes === 100 && !removed)!;
  await lookInside(page, id, `&gallery=${[sibling.id, stranger.id].join(',')}`);
  const gallery = page.getByRole('region', { name: 'Gallery' });
  await gallery.getByRole('button', { name: 'Beside another…' }).press('Enter');
  await page.getByRole('combobox', { name: 'Find a checkpoint or run' }).fill('after 100 ');
  await page.keyboard.press('Enter');
  await gallery.getByRole('button', { name: /^Compute/ }).press('Enter');
  await expect(gallery.getByRole('definition').last()).toHaveText(/^this run after 100 episodes/);
  await expect(gallery.getByText('not computed yet')).toHaveCount(0);
  await expect(gallery.getByRole('alert')).toHaveText(/^Its episodes are others/);
  await expect(gallery.getByRole('button', { name: 'Beside another…' })).toHaveCount(0);

  // A, B and D have answers; by any column's error, and by what it differs from A.
  const losses = async (question: { readonly run: string; readonly file?: string }) => {
    const { file } = await api.inspector.gallery({ ...question, episodes: 24 });
    return [...decodeSafetensors(readFileSync(join(workbench.data, file))).arrays['loss']!.data];
  };
  const [a, b, d] = [await losses({ run: id }), await losses({ run: sibling.id }), await losses({ run: id, file: early.file })];
  const byKey = (key: (seed: number) => number) => [...a.keys()].sort((x, y) => key(x) - key(y) || x - y);
  const shown = async () => {
    const names = await gallery.getByRole('button', { name: /^Open episode/ }).evaluateAll((list) => list.map((each) => each.textContent));
    return names.map((name) => Number(/\d+/.exec(name)![0]));
  };
  await expect(gallery.getByRole('listitem')).toHaveCount(24);
  expect(await shown()).toEqual(byKey((seed) => -a[seed]!));
  await gallery.getByLabel('Order').selectOption('smallest error of D first');
  expect(await shown()).toEqual(byKey((seed) => d[seed]!));
  await gallery.getByLabel('Order').selectOption('where B is worse than A');
  expect(await shown()).toEqual(byKey((seed) => a[seed]! - b[seed]!));

  // The address keeps columns and order; one is taken out.
  await expect
    .poll(() => decodeURIComponent(page.url()))
    .toContain(`gallery=${[sibling.id, stranger.id, early.file].join(',')}&order=worse+1`);
  await gallery.getByRole('button', { name: 'Take C out' }).press('Enter');
  await expect(gallery.getByRole('alert')).toHaveCount(0);
  await expect(gallery.getByRole('definition')).toHaveCount(3);
  expect(await findSerious(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save what is shown' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Picture or film…' }).press('Enter');
  await page.getByLabel('Format').selectOption('film over the steps, GIF');
  expect(await findSerious(page)).toEqual([]);
  await page.getByLabel('First step').fill('0');
  await expect(page.getByRole('alert')).toContainText('Steps go from 1 to');
  expect(workbench.complaints).toEqual([]);
});
