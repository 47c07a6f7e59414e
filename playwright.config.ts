// Journeys through the built window, one at a time: each has an Electron, a host and trainers of its own.

import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.e2e.ts',
  workers: 1,
  // On a crowded machine an Electron may not open in time; what needed a second try is reported as flaky.
  retries: 1,
  // What people would wait for, on a machine with other work to do; nothing is waited for in vain.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  outputDir: 'test-results',
  reporter:
    process.env['ENGRAM_E2E_REPORT'] === undefined ? 'list' : [['list'], ['json', { outputFile: process.env['ENGRAM_E2E_REPORT'] }]],
});
