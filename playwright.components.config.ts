// Components by themselves in a plain Chromium, whose program ENGRAM_BROWSER names; no Electron, no host.

import { defineConfig } from '@playwright/test';

const report = process.env['ENGRAM_E2E_REPORT'];

export default defineConfig({
  testDir: 'e2e/components',
  testMatch: '**/*.component.ts',
  workers: 1,
  timeout: 30_000,
  outputDir: 'test-results/components',
  reporter: report === undefined ? 'list' : [['list'], ['json', { outputFile: report }]],
  use: {
    viewport: { width: 1280, height: 720 },
    launchOptions: {
      executablePath: process.env['ENGRAM_BROWSER'] ?? '',
      // The system's sandbox does not work as root.
      chromiumSandbox: process.getuid?.() !== 0,
    },
  },
});
