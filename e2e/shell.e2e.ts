import { expect, test, type ElectronApplication } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSerious } from './support/axe.ts';
import { smallSpec } from './support/small-runs.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

const folder = mkdtempSync(join(tmpdir(), 'engram-e2e-shell-'));
const settings = join(folder, 'settings');
let workbench: Workbench;
test.beforeEach(async () => {
  workbench = await openWorkbench({ settings });
  // Keys and menus find nobody before the page has been set up.
  await expect(workbench.page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
});
test.afterEach(() => workbench.close());
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the palette leads to screens, runs and actions, by keyboard alone', async () => {
  const { page, connect } = workbench;
  const { api } = await connect();
  await api.host.changeSettings({ queueHeld: true });
  const [run] = await api.runs.create({ specs: [smallSpec()], name: 'the one I look for' });

  await page.keyboard.press('Control+k');
  const field = page.getByPlaceholder('Type a command');
  await expect(field).toBeFocused();
  await field.fill('system');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'System', level: 1 })).toBeVisible();

  for (const typed of ['look for', run!.id]) {
    await page.keyboard.press('Control+k');
    await expect(field).toBeFocused();
    await page.keyboard.type(typed);
    await expect(field).toHaveValue(typed);
    await expect(page.getByRole('option', { name: /the one I look for/ })).toBeVisible();
    expect(await findSerious(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`/runs/${run!.id}`));
  }

  await page.keyboard.press('Control+k');
  await expect(field).toBeFocused();
  await page.keyboard.type('no such thing');
  await expect(page.getByText('No command, run or data set is called')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+4');
  await expect(page.getByRole('heading', { name: 'Queue', level: 1 })).toBeVisible();
});

test('the page of shortcuts names the keys of this screen', async () => {
  const { page } = workbench;
  await page.getByRole('link', { name: 'Queue' }).click();
  await page.keyboard.press('?');
  const shortcuts = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(shortcuts.getByText('Command palette')).toBeVisible();
  await expect(shortcuts.getByText('Move a waiting run')).toBeVisible();
  expect(await findSerious(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(shortcuts).toBeHidden();
});

test('theme and window size are remembered', async () => {
  const { page, app, data } = workbench;
  await page.keyboard.press('Control+k');
  await page.keyboard.type('dark theme');
  await page.keyboard.press('Enter');
  const source = (application: ElectronApplication) => application.evaluate(({ nativeTheme }) => nativeTheme.themeSource);
  await expect.poll(() => source(app)).toBe('dark');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setBounds({ x: 40, y: 30, width: 1010, height: 720 }));
  await Promise.all([app.waitForEvent('close'), app.evaluate(({ app: electron }) => electron.quit())]);

  const again = await openWorkbench({ data, settings, keep: true, size: 'remembered' });
  try {
    expect(await source(again.app)).toBe('dark');
    const bounds = await again.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds());
    expect(bounds).toMatchObject({ width: 1010, height: 720 });
    await again.page.goto('app://engram/#/system?part=settings');
    await again.page.getByLabel('Theme').selectOption('system');
    await expect.poll(() => source(again.app)).toBe('system');
  } finally {
    await again.close();
  }
});

test('the native menu does what the page does', async () => {
  const { page, app } = workbench;
  const labels = await app.evaluate(({ Menu }) => Menu.getApplicationMenu()!.items.map(({ label }) => label.replace('&', '')));
  expect(labels).toEqual(['File', 'Edit', 'View', 'Go', 'Help']);
  const click = (menu: string, item: string) =>
    app.evaluate(
      ({ Menu }, [first, second]) => {
        const found = Menu.getApplicationMenu()!.items.find(({ label }) => label.replace('&', '') === first);
        (found!.submenu!.items.find(({ label }) => label === second)!.click as () => void)();
      },
      [menu, item] as const,
    );
  await click('Go', 'Queue');
  await expect(page.getByRole('heading', { name: 'Queue', level: 1 })).toBeVisible();
  await click('View', 'Command palette…');
  await expect(page.getByPlaceholder('Type a command')).toBeFocused();
  await page.keyboard.press('Escape');
  await click('Help', 'Keyboard shortcuts');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await click('File', 'New run…');
  await expect(page).toHaveURL(/\/new/);
  const opened = app.waitForEvent('window');
  await click('File', 'New window');
  await expect((await opened).getByRole('navigation', { name: 'Screens' })).toBeVisible();
});

test('a second start shows the window that is there', async () => {
  const { app, page } = workbench;
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.minimize());
  const [program = '', ...args] = app.process().spawnargs;
  const own = args.filter((arg) => !/^--(inspect|remote-debugging)/.test(arg));
  const env = { ...process.env, ENGRAM_NODE: process.execPath, XDG_CONFIG_HOME: settings };
  const [code] = (await once(spawn(program, own, { env, stdio: 'ignore' }), 'exit')) as [number];
  expect(code).toBe(0);
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isMinimized())))
    .toEqual([false]);
  await expect(page.getByRole('navigation', { name: 'Screens' })).toBeVisible();
});

test('what is dropped is taken by what it is, and a wrong file is told apart', async () => {
  const { page } = workbench;
  const archive = join(folder, 'holiday.engram.tar.gz');
  writeFileSync(archive, 'PK not an archive of ours');
  await page.evaluate(`
    const input = document.createElement('input');
    input.type = 'file';
    input.id = 'test-files';
    document.body.append(input);
  `);
  const drop = async (path: string, kind: 'dragenter' | 'drop') => {
    await page.locator('#test-files').setInputFiles(path);
    await page.evaluate(`{
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(document.getElementById('test-files').files[0]);
      document.body.dispatchEvent(new DragEvent('${kind}', { dataTransfer, bubbles: true, cancelable: true }));
    }`);
  };
  await drop(archive, 'dragenter');
  await expect(page.getByRole('heading', { name: 'Drop to import' })).toBeVisible();
  await drop(archive, 'drop');
  await expect(page.getByRole('heading', { name: 'Drop to import' })).toBeHidden();
  await expect(page.getByText(/is a zip archive, not a run archive/)).toBeVisible();

  const letter = join(folder, 'letter.pdf');
  writeFileSync(letter, '%PDF-1.7 a letter');
  await drop(letter, 'drop');
  await expect(page).toHaveURL(/\/datasets/);
  await expect(page.getByRole('dialog').getByText('letter.pdf').first()).toBeVisible();
});

test('leaving while a run trains is asked about: cancel, or stop with a checkpoint', async () => {
  const { app, connect } = workbench;
  const { api } = await connect();
  await api.host.changeSettings({ minimumFreeBytes: 0, cpuSlots: 1 });
  const [first, second] = await api.runs.create({ specs: [smallSpec({ episodes: 1_000_000 }), smallSpec({ seed: 2 })] });
  await expect.poll(async () => (await api.runs.get({ run: first!.id })).iteration).toBeGreaterThan(0);

  /** What the question was, when `response` is the answer to it. */
  const quit = (response: number) =>
    app.evaluate(async ({ app: electron, dialog }, answer) => {
      const asked = new Promise<string>((resolve) => {
        dialog.showMessageBox = (...args: unknown[]) => {
          const { message, detail } = args.at(-1) as { message: string; detail: string };
          resolve(`${message}. ${detail}`);
          return Promise.resolve({ response: answer, checkboxChecked: false });
        };
      });
      electron.quit();
      return await asked;
    }, response);
  expect(await quit(2)).toContain('A run is training');
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  expect((await api.runs.get({ run: first!.id })).status).toBe('running');

  const closed = app.waitForEvent('close');
  expect(await quit(1)).toContain('the 1 waiting in the queue stay there');
  await closed;
  const stopped = await api.runs.get({ run: first!.id });
  expect(stopped.status).toBe('stopped');
  expect(stopped.checkpoints.at(-1)!.iteration).toBe(stopped.iteration);
  expect((await api.runs.get({ run: second!.id })).status).toBe('queued');
  expect((await api.host.settings()).queueHeld).toBe(true);
});

test('without the window, runs go on when one says so', async () => {
  const { app, connect } = workbench;
  const { api } = await connect();
  await api.host.changeSettings({ minimumFreeBytes: 0 });
  const [run] = await api.runs.create({ specs: [smallSpec({ episodes: 1_000_000 })] });
  await expect.poll(async () => (await api.runs.get({ run: run!.id })).iteration).toBeGreaterThan(0);
  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false });
  });
  await Promise.all([app.waitForEvent('close'), app.evaluate(({ app: electron }) => electron.quit())]);
  const { iteration } = await api.runs.get({ run: run!.id });
  await expect.poll(async () => (await api.runs.get({ run: run!.id })).iteration).toBeGreaterThan(iteration);
});
