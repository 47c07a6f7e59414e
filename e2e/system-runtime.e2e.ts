import { expect, test } from '@playwright/test';
import { hasLibrary, makeSetUpRoot, type SetUpRoot } from '../main/host/test-support/set-up-root.ts';
import { startWheelServer, type WheelServer } from '../main/host/test-support/wheel-server.ts';
import { findSerious } from './support/axe.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

test.skip(process.platform !== 'linux' || process.arch !== 'x64', 'TensorFlow is used on Linux x86-64 only');

let server: WheelServer;
let root: SetUpRoot;
let workbench: Workbench;
test.beforeEach(async () => {
  server = await startWheelServer();
  root = makeSetUpRoot();
});
test.afterEach(async () => {
  await workbench.close();
  await server.close();
  root.remove();
});

async function open() {
  const env = { ...server.environment, ENGRAM_CACHE: root.cache, ENGRAM_TENSORFLOW: 'cpu' };
  workbench = await openWorkbench({ env, setUpScript: root.script });
  await workbench.page.goto('app://engram/#/system');
  return { page: workbench.page, part: workbench.page.getByRole('region', { name: 'TensorFlow runtime' }) };
}

test('a click brings the runtime that fits the machine, and another one hears why it is not the one for a GPU', async () => {
  test.skip(!hasLibrary, 'this machine has no libtensorflow unpacked');
  root.fillCache();
  const { page, part } = await open();
  await expect(part).toContainText('not installed');
  await expect(part).toContainText('nothing to download');
  await part.getByRole('button', { name: 'Install the CPU runtime' }).click();
  await expect(part.getByRole('progressbar', { name: 'Installation of the TensorFlow runtime' })).toBeVisible();
  await expect(part.getByRole('list', { name: 'What set-up said' })).toContainText(/built in/, { timeout: 60_000 });
  await expect(part).toContainText('TensorFlow 2.18.1 for the CPU is installed, and could be loaded', { timeout: 120_000 });
  await expect(part).toContainText('2.18.1 for the CPU');
  await expect(part.getByText('What fits this machine is in place.')).toBeVisible();
  expect(await findSerious(page)).toEqual([]);

  await part.getByRole('button', { name: 'Install the GPU runtime' }).click();
  await expect(part).toContainText('in place already. Not for the GPU: ENGRAM_TENSORFLOW=cpu asks for the CPU library');
  expect(server.ranges).toEqual([]);
});

test('a download is followed, cancelled, and what went wrong stays to be read', async () => {
  const { page, part } = await open();
  server.gives = 12_000_000;
  await expect(part).toContainText('230 MB to download');
  expect(server.ranges).toEqual([]);
  await part.getByRole('button', { name: 'Install the CPU runtime' }).click();
  await expect(part.getByRole('status')).toContainText('12 MB of 231 MB, 5 %', { timeout: 60_000 });
  expect(await findSerious(page)).toEqual([]);

  await page.reload();
  await expect(part.getByRole('status')).toContainText('12 MB of 231 MB');
  await part.getByRole('button', { name: 'Cancel' }).click();
  await expect(part).toContainText('Cancelled');

  server.gives = 'refused';
  await part.getByRole('button', { name: 'Install the CPU runtime' }).click();
  await expect(part.getByRole('alert')).toContainText(/could not be fetched.*403.*Way out: check the network/, { timeout: 60_000 });
  await page.reload();
  await expect(part.getByRole('alert')).toContainText('Not installed');
  await part.getByText('What set-up said').click();
  await expect(part.getByRole('list', { name: 'What set-up said' })).toContainText('231 MB to download');
  expect(await findSerious(page)).toEqual([]);
});
