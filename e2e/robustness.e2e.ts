import { expect, test } from '@playwright/test';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostClient } from '../main/host-client/connect-host.ts';
import { openSql } from '../main/host/store/sql.ts';
import { crashRenderer, findLost, startLongRun, untilIteration, untilPageSays } from './support/accidents.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

const folder = mkdtempSync(join(tmpdir(), 'engram-e2e-robust-'));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

let workbench: Workbench;
test.afterEach(() => workbench.close());

const isLive = (text: string) => text.includes('1 running: images');
const isLiveQueue = (text: string) => isLive(text) && /Training\s+1/.test(text);

/** Lets the run end, and looks for gaps in what it recorded. */
async function stopAndCheck(client: HostClient, run: string): Promise<void> {
  await client.api.runs.stop({ run });
  await expect.poll(async () => (await client.api.runs.get({ run })).status).toBe('stopped');
  expect(await findLost(client, run)).toEqual([]);
}

test('a crashed page comes back where it was; twice at once, a page says so and leads back; the run goes on', async () => {
  workbench = await openWorkbench();
  const { app, page, connect } = workbench;
  const client = await connect();
  await page.goto('app://engram/#/queue');
  const run = await startLongRun(client);
  await untilPageSays(app, isLive);

  await crashRenderer(app);
  await untilPageSays(app, isLiveQueue);

  await crashRenderer(app);
  await untilPageSays(app, (text) => text.includes('has crashed twice') && text.includes('all runs go on'));
  const { iteration } = await client.api.runs.get({ run });
  await untilIteration(client.api, run, iteration + 1);
  await app.evaluate(async ({ BrowserWindow }) => {
    await BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(`document.querySelector('a').click()`);
  });
  await untilPageSays(app, isLiveQueue);
  await stopAndCheck(client, run);
});

test('a killed host is replaced, and its run is followed on', async () => {
  workbench = await openWorkbench();
  const { app, page, connect } = workbench;
  const client = await connect();
  await page.goto('app://engram/#/queue');
  const run = await startLongRun(client);
  await untilPageSays(app, isLive);
  const { pid } = await client.api.host.status();
  process.kill(pid, 'SIGKILL');
  // The window starts another one; this client does not.
  await expect
    .poll(() =>
      client.api.host.status().then(
        (status) => status.pid,
        () => pid,
      ),
    )
    .not.toBe(pid);
  await expect(page.getByText('host', { exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Training 1' })).toBeVisible();
  const { iteration } = await client.api.runs.get({ run });
  await untilIteration(client.api, run, iteration + 50);
  await stopAndCheck(client, run);
});

test('a killed trainer is an interrupted run with its reason, and goes on from its checkpoint', async () => {
  workbench = await openWorkbench();
  const { page, connect } = workbench;
  const client = await connect();
  const run = await startLongRun(client);
  await page.goto(`app://engram/#/runs/${run}`);
  const { pid, checkpoints } = await client.api.runs.get({ run });
  expect(checkpoints.length).toBeGreaterThan(0);
  process.kill(pid!, 'SIGKILL');
  await expect(page.getByText('interrupted', { exact: true }).first()).toBeVisible();
  await expect(page.getByText(/its trainer was killed \(SIGKILL\)/).first()).toBeVisible();
  expect(await findLost(client, run)).toEqual([]);
  await client.api.runs.resume({ run });
  await expect(page.getByText('running', { exact: true }).first()).toBeVisible();
  await untilIteration(client.api, run, checkpoints.at(-1)!.iteration + 50);
  await stopAndCheck(client, run);
});

test('a database of a newer version and a damaged one are told apart, and nothing is overwritten', async () => {
  const data = join(folder, 'newer');
  workbench = await openWorkbench({ data, keep: true });
  const client = await workbench.connect();
  await client.api.host.backup();
  await workbench.close();

  const database = openSql(join(data, 'lab.db'), 'full');
  database.exec("UPDATE migrations SET version = 9990, name = 'from-the-future' WHERE version = (SELECT max(version) FROM migrations)");
  database.close();
  const bytes = readFileSync(join(data, 'lab.db'));
  workbench = await openWorkbench({ data, keep: true });
  await expect(workbench.page.getByRole('heading', { name: 'This lab was used by a newer Engram' })).toBeVisible();
  await expect(workbench.page.getByText('Nothing was changed.')).toBeVisible();
  await workbench.close();
  expect(readFileSync(join(data, 'lab.db')).equals(bytes)).toBe(true);

  writeFileSync(join(data, 'lab.db'), 'this is not a database any more'.repeat(500));
  workbench = await openWorkbench({ data });
  await workbench.connect();
  await workbench.page.goto('app://engram/#/system?part=host');
  await expect(workbench.page.getByRole('list', { name: 'Notices' })).toContainText(/lab\.db was damaged .* the backup .* took its place/);
  await expect(workbench.page.getByText(/lab\.db was damaged/).first()).toBeVisible();
});

test('a lab whose folder goes away is not begun anew, and goes on when it is back', async () => {
  workbench = await openWorkbench();
  const { page, connect, data } = workbench;
  const client = await connect();
  await client.api.host.changeSettings({ queueHeld: true });
  await expect(page.getByText('host', { exact: true })).toBeVisible();
  await page.goto('app://engram/#/queue');
  renameSync(data, `${data}-away`);
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The lab’s folder is gone');
  await expect(alert).toContainText(data);
  await expect(page.getByText('reconnecting…')).toBeVisible();
  renameSync(`${data}-away`, data);
  await expect(alert).toBeHidden();
  await expect(page.getByText('host', { exact: true })).toBeVisible();
  await expect(page.getByText('The queue is on hold').first()).toBeVisible();
});

test('a graphics card is shown with its load, and missed when it no longer answers', async () => {
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  const card = join(programs, 'nvidia-smi');
  // What such a program prints; there is no card here.
  const answer = (script: string) => {
    writeFileSync(`${card}.new`, `#!/bin/sh\n${script}\n`);
    chmodSync(`${card}.new`, 0o755);
    renameSync(`${card}.new`, card);
  };
  answer('echo "NVIDIA RTX 4090, 64, 2048, 24564, 55, 310.2"');
  workbench = await openWorkbench({ env: { PATH: `${programs}:${process.env['PATH']}` } });
  const { page, connect } = workbench;
  await connect();
  await page.goto('app://engram/#/system');
  await expect(page.getByText('NVIDIA RTX 4090')).toBeVisible();
  await expect(page.getByText('64 % busy')).toBeVisible();
  answer('echo "Unable to determine the device handle for GPU 0000:01:00.0: GPU is lost."; exit 15');
  await expect(page.getByText('GPU does not answer')).toBeVisible();
  await expect(page.getByText(/GPU is lost/)).toBeVisible();
});
