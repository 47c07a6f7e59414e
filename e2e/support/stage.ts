/** A component by itself, on a page of its own in a plain browser: `stage(page, 'queue/queued-list')` shows renderer/queue/queued-list.stage.svelte. */
import { expect, test as plain, type Page } from '@playwright/test';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { resolve } from 'node:path';
import { createServer } from 'vite';

const renderer = resolve(import.meta.dirname, '../../renderer');

interface Fixtures {
  /** Opens a stage; the test fails where the page complains. */
  readonly show: (name: string) => Promise<Page>;
}

export const test = plain.extend<Fixtures, { stages: string }>({
  stages: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const server = await createServer({
        configFile: false,
        root: renderer,
        cacheDir: resolve(renderer, '../node_modules/.vite-stages'),
        plugins: [svelte({ configFile: false })],
        optimizeDeps: { entries: ['test-support/stage.ts', '**/*.stage.svelte'] },
        server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
        logLevel: 'warn',
      });
      await server.listen();
      await use(server.resolvedUrls?.local[0] ?? '');
      await server.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  show: async ({ page, stages }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await use(async (name) => {
      await page.goto(`${stages}test-support/stage.html?show=${name}`);
      await expect(page.locator('#stage > *').first()).toBeAttached();
      return page;
    });
    expect(complaints).toEqual([]);
  },
});
