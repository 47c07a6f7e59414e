// Tests run in processes of their own (native libraries keep state) and few at a time: one backend alone can use every core.

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{core,main,renderer,bench,scripts}/**/*.test.{ts,mjs}'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
