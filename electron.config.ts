// Builds the window's three parts into out/: Electron's main process, the preload script, and the page. Host and trainers run from their sources.

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import { listLicences } from './scripts/licences.mjs';

export default defineConfig({
  main: {
    // One file with its packages: reading them from many costs a window that starts a fifth of a second.
    build: { outDir: 'out/main', externalizeDeps: false, rolldownOptions: { input: { main: 'main/main.ts' } } },
  },
  preload: {
    // A sandboxed preload script is one CommonJS file.
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: { input: { preload: 'main/preload.ts' }, output: { format: 'cjs', entryFileNames: 'preload.cjs' } },
    },
  },
  renderer: {
    root: 'renderer',
    base: './',
    plugins: [svelte(), listLicences(new URL('package-lock.json', import.meta.url))],
    build: {
      outDir: 'out/renderer',
      rolldownOptions: { input: { index: 'renderer/index.html' } },
      target: 'chrome130',
      minify: true,
      modulePreload: false,
      // The page's policy forbids fonts and code in addresses.
      assetsInlineLimit: 0,
    },
  },
});
