// `npm test`: set-up, the static checks, the tests, components in a browser, then journeys through the window; the last line counts them all.
// `npm test -- FILTER` runs only the tests that match; those of e2e/ where the filter begins with it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureBrowser } from './setup/browser.mjs';
import { withEmulatedGraphics } from './setup/emulated-graphics.mjs';
import { readJson } from './setup/files.mjs';
import { runInForeground } from './setup/foreground.mjs';
import { inModules, repositoryRoot } from './setup/paths.mjs';
import { capture } from './setup/processes.mjs';
import { say, secondsSince } from './setup/report.mjs';
import { SetupError } from './setup/setup-error.mjs';
import { ensureSetUp } from './setup/setup.mjs';
import { withLibraryPath } from './setup/state.mjs';
import { ensureWorkbench } from './setup/workbench.mjs';
import { add, countJourneys, countTests, summarise } from './test-counts.mjs';

/** @type {[name: string, script: string, ...args: string[]][]} */
const staticChecks = [
  ['format', 'prettier/bin/prettier.cjs', '--check', '.'],
  ['lint', 'eslint/bin/eslint.js', '--max-warnings=0', '.'],
  ['types', 'typescript/bin/tsc', '-p', 'tsconfig.json'],
  ['types of scripts', 'typescript/bin/tsc', '-p', 'tsconfig.scripts.json'],
  ['types of the page', 'svelte-check/bin/svelte-check', '--tsconfig', 'tsconfig.renderer.json', '--fail-on-warnings', '--output', 'human'],
  [
    'dependency rules',
    'dependency-cruiser/bin/dependency-cruiser.mjs',
    '--config',
    '.dependency-cruiser.mjs',
    'core',
    'main',
    'renderer',
    'bench',
  ],
  ['unused code', 'knip/bin/knip.js', '--no-progress'],
];

const componentFolder = 'e2e/components';

process.chdir(repositoryRoot);
process.exitCode = await main(process.argv.slice(2));

/** @param {readonly string[]} filters */
async function main(filters) {
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    const { node } = await ensureSetUp();
    const components = filters.filter((filter) => filter.startsWith(componentFolder));
    const journeys = filters.filter((filter) => filter.startsWith('e2e') && !components.includes(filter));
    const tests = filters.filter((filter) => !journeys.includes(filter) && !components.includes(filter));
    const all = filters.length === 0;
    if (all) counts = add(counts, await runStaticChecks(node));
    if (all || tests.length > 0) counts = add(counts, await runTests(node, tests));
    if (all || components.length > 0) counts = add(counts, await runComponents(node, components));
    if (all || journeys.length > 0) counts = add(counts, await runJourneys(node, journeys));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`${error.message}. Way out: ${error.remedy}.`);
    counts = add(counts, { passed: 0, failed: 1, skipped: 0 });
  }
  console.log(`\n${summarise(counts)}`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

/**
 * The longest beside all others, one after the other.
 * @param {string} node
 */
async function runStaticChecks(node) {
  const longest = staticChecks.filter(([name]) => name === 'lint');
  const others = staticChecks.filter((check) => !longest.includes(check));
  const [one, two] = await Promise.all([runInTurn(node, longest), runInTurn(node, others)]);
  return add(one, two);
}

/**
 * @param {string} node
 * @param {typeof staticChecks} checks
 */
async function runInTurn(node, checks) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, script, ...args] of checks) {
    const startedAtMs = Date.now();
    const { code, output } = await capture(node, [inModules(script), ...args]);
    if (code === 0) counts.passed++;
    else counts.failed++;
    console.log(`${code === 0 ? '✓' : '✗'} ${name} (${secondsSince(startedAtMs)})`);
    if (code !== 0) console.log(output.trimEnd());
  }
  return counts;
}

/**
 * @param {string} node
 * @param {readonly string[]} filters
 */
async function runTests(node, filters) {
  const folder = mkdtempSync(path.join(tmpdir(), 'engram-test-'));
  const results = path.join(folder, 'results.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`, ...filters];
  try {
    const env = await withEmulatedGraphics(node, withLibraryPath(process.env), folder);
    const code = await runInForeground(node, [inModules('vitest/vitest.mjs'), ...args], env);
    return countTests(readJson(results), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} node
 * @param {readonly string[]} filters
 */
async function runComponents(node, filters) {
  const browser = await ensureBrowser();
  if ('reason' in browser) {
    console.log(`- tests of components skipped: ${browser.reason}`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const config = ['--config', 'playwright.components.config.ts'];
  return runPlaywright([node], [...config, ...filters], { ENGRAM_BROWSER: browser.program });
}

/**
 * @param {string} node
 * @param {readonly string[]} filters
 */
async function runJourneys(node, filters) {
  const { program, wrap } = await ensureWorkbench({ screenless: true });
  return runPlaywright([...wrap, node], filters, { ENGRAM_ELECTRON: program });
}

/**
 * @param {readonly string[]} program Node, and what goes before it
 * @param {readonly string[]} parameters
 * @param {NodeJS.ProcessEnv} env
 */
async function runPlaywright(program, parameters, env) {
  const folder = mkdtempSync(path.join(tmpdir(), 'engram-e2e-results-'));
  const results = path.join(folder, 'results.json');
  const [command = '', ...args] = [...program, inModules('@playwright/test/cli.js'), 'test', ...parameters];
  try {
    const code = await runInForeground(command, args, { ...withLibraryPath(process.env), ...env, ENGRAM_E2E_REPORT: results });
    return countJourneys(readJson(results), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
