import { expect, test, type Page } from '@playwright/test';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWorkbench, type Workbench } from './support/workbench.ts';

let workbench: Workbench;
test.beforeAll(async () => {
  workbench = await openWorkbench();
  await workbench.connect();
});
test.afterAll(() => workbench.close());

/** The status of what the page gets there, or why it gets nothing. */
async function get(page: Page, url: string, method = 'GET'): Promise<number | string> {
  return await page.evaluate(
    async ([address, verb]) => {
      try {
        return (await fetch(address!, { method: verb! })).status;
      } catch (error) {
        return error instanceof Error ? error.name : String(error);
      }
    },
    [url, method],
  );
}

test('the page is sandboxed, and has nothing of Node but its one global', async () => {
  const { app, page } = workbench;
  const preferences = await app.evaluate(({ webContents }) => {
    const [contents] = webContents.getAllWebContents();
    return (contents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
  });
  expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true });
  const world = await page.evaluate(() => ({
    globals: ['require', 'process', 'Buffer', 'module'].filter((name) => name in globalThis),
    engram: Object.keys((globalThis as unknown as { engram: object }).engram).sort(),
  }));
  expect(world).toEqual({ globals: [], engram: ['ask', 'connect', 'onMenu', 'onRoute', 'pathOf'] });
  expect(await page.evaluate('isSecureContext')).toBe(true);
});

test('its policy forbids code from strings, inline scripts and everything from elsewhere', async () => {
  const { page } = workbench;
  const policy = await page.evaluate(async () => (await fetch('./index.html')).headers.get('content-security-policy'));
  for (const rule of ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "form-action 'none'", "frame-ancestors 'none'"])
    expect(policy).toContain(rule);
  // A string that a timer runs: what Playwright itself evaluates is exempt from the policy.
  const tried = await page.evaluate(`(async () => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.wasInjected = true';
    document.body.append(script);
    setTimeout('globalThis.wasEvaluated = true', 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const picture = new Image();
    const loaded = new Promise((resolve) => {
      picture.onload = () => resolve('loaded');
      picture.onerror = () => resolve('refused');
    });
    picture.src = 'https://example.com/picture.png';
    return { injected: 'wasInjected' in globalThis, evaluated: 'wasEvaluated' in globalThis, picture: await loaded };
  })()`);
  expect(tried).toEqual({ injected: false, evaluated: false, picture: 'refused' });
  for (const url of ['https://example.com/', 'http://127.0.0.1:9/', 'file:///etc/passwd'])
    expect([url, await get(page, url)]).toEqual([url, 'TypeError']);
});

test('it gets no permissions', async () => {
  const states = await workbench.page.evaluate(`(async () => ({
    places: (await navigator.permissions.query({ name: 'geolocation' })).state,
    notifications: await Notification.requestPermission(),
    media: await navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'granted', () => 'refused'),
  }))()`);
  expect(states).toEqual({ places: 'denied', notifications: 'denied', media: 'refused' });
});

test('what it asks of its window is checked', async () => {
  const { page, data } = workbench;
  const ask = (name: string, input: unknown) =>
    page.evaluate(
      async ([request, value]) => {
        const { engram } = globalThis as unknown as { engram: { ask(name: unknown, input: unknown): Promise<unknown> } };
        return await engram.ask(request, value).then(
          () => 'answered',
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        );
      },
      [name, input] as const,
    );
  expect(await ask('execute', { command: 'ls' })).toContain('there is no request "execute"');
  expect(await ask('toString', undefined)).toContain('there is no request');
  expect(await ask('theme', { theme: 'pink' })).toContain('theme');
  expect(await ask('pick', { purpose: 'anything' })).toContain('purpose');
  expect(await ask('save', { name: '../../etc/passwd', bytes: {} })).toContain('a file name, not a path');
  expect(await ask('reveal', { path: '/etc' })).toContain('not in the lab');
  expect(await ask('reveal', { path: join(data, '..', '..') })).toContain('not in the lab');
  expect(await ask('reveal', { path: `${data}/runs/../..` })).toContain('not in the lab');
  expect(await ask('about', undefined)).toBe('answered');
});

test('nobody else is answered, even with the same preload script', async () => {
  const { app } = workbench;
  const answers = await app.evaluate(async ({ BrowserWindow, app: electron }) => {
    const preload = `${electron.getAppPath()}/out/preload/preload.cjs`;
    const said: string[] = [];
    for (const url of ['data:text/html,<p>stranger</p>', 'app://engram.evil/index.html']) {
      const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await stranger.loadURL(url).catch(() => {});
      const ask = `window.engram === undefined ? 'no global' : window.engram.ask('about', undefined).then(() => 'answered', (error) => String(error))`;
      said.push(String(await stranger.webContents.executeJavaScript(ask)));
      stranger.destroy();
    }
    return said;
  });
  for (const answer of answers) expect(answer).toMatch(/only Engram’s own page may ask|no global/);
});

test('lab:// serves pictures and arrays of runs and data sets, and nothing else', async () => {
  const { page, data } = workbench;
  const run = join(data, 'runs', 'some-run');
  mkdirSync(run, { recursive: true });
  mkdirSync(join(data, 'backups'), { recursive: true });
  const png = Buffer.from('89504e470d0a1a0a', 'hex');
  for (const place of [join(run, 'a b.png'), join(data, 'outside.png'), join(data, 'backups', 'c.png')]) writeFileSync(place, png);
  writeFileSync(join(run, 'spec.json'), '{}');
  symlinkSync(join(data, 'outside.png'), join(run, 'link.png'));
  symlinkSync(join(data, 'lab.db'), join(run, 'database.png'));
  symlinkSync(data, join(run, 'up'));

  expect(await get(page, 'lab://lab/runs/some-run/a%20b.png')).toBe(200);
  const refused = [
    'lab://lab/outside.png',
    'lab://lab/lab.db',
    'lab://lab/backups/c.png',
    'lab://lab/runs/../outside.png',
    'lab://lab/runs/%2e%2e/outside.png',
    'lab://lab/runs/..%2foutside.png',
    'lab://lab/runs/..%2Fbackups/c.png',
    'lab://lab/runs/some-run/..%2f..%2foutside.png',
    'lab://lab/runs/..%5coutside.png',
    'lab://lab/runs/link.png',
    'lab://lab/runs/some-run/link.png',
    'lab://lab/runs/some-run/database.png',
    'lab://lab/runs/some-run/up/outside.png',
    'lab://lab/runs/some-run/spec.json',
    'lab://lab/runs/some-run',
    'lab://lab/runs/some-run/a%00.png',
    'lab://lab/%72uns/../../etc/passwd',
    'lab://lab//etc/passwd.png',
  ];
  for (const url of refused) expect([url, [403, 404].includes((await get(page, url)) as number)]).toEqual([url, true]);
  expect(await get(page, 'lab://lab/runs/some-run/a%20b.png', 'POST')).not.toBe(200);
});

test('app:// serves the built page alone', async () => {
  const { page } = workbench;
  expect(await get(page, 'app://engram/index.html')).toBe(200);
  for (const path of ['..%2f..%2fpackage.json', '%2e%2e/%2e%2e/package.json', '..%2fmain%2fmain.js', 'stamp.txt'])
    expect([path, await get(page, `app://engram/${path}`)]).not.toEqual([path, 200]);
  expect(await get(page, 'app://other/index.html')).not.toBe(200);
});

// The last one: Playwright waits for navigations that never come.
test('it cannot leave, nor open windows, nor frames', async () => {
  const { app, page } = workbench;
  const before = page.url();
  const tried = await page.evaluate(`(() => {
    const opened = [open('https://example.com/'), open('app://engram/index.html')].filter((other) => other !== null).length;
    const frame = document.createElement('iframe');
    frame.src = 'app://engram/index.html';
    document.body.append(frame);
    for (const url of ['https://example.com/', 'file:///etc/passwd', 'app://engram/crashed.html']) location.href = url;
    return opened;
  })()`);
  expect(tried).toBe(0);
  const seen = await app.evaluate(async ({ BrowserWindow }) => {
    const windows = BrowserWindow.getAllWindows();
    const contents = windows[0]!.webContents;
    const script = `new Promise((resolve) => setTimeout(() => resolve({
      rail: document.querySelectorAll('nav').length,
      framed: [...document.querySelectorAll('iframe')].map(({ contentDocument }) => contentDocument?.body.childElementCount ?? 0),
    }), 300))`;
    return { windows: windows.length, url: contents.getURL(), page: (await contents.executeJavaScript(script)) as unknown };
  });
  expect(seen).toEqual({ windows: 1, url: before, page: { rail: 1, framed: [0] } });
});
