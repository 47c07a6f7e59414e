// The closing line of `npm test`, counted from the test runners' own results.

/** @typedef {{passed: number, failed: number, skipped: number}} Counts */

/**
 * @param {unknown} results what vitest's JSON reporter wrote, or null where it wrote nothing
 * @param {number} exitCode of vitest
 * @returns {Counts}
 */
export function countTests(results, exitCode) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const files = /** @type {{testResults?: {status: string, assertionResults: {status: string}[]}[]} | null} */ (results)?.testResults ?? [];
  for (const file of files) {
    const before = counts.failed;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed++;
      else if (status === 'failed') counts.failed++;
      else counts.skipped++;
    }
    // A file that could not even be loaded has no tests to count.
    if (file.status === 'failed' && counts.failed === before) counts.failed++;
  }
  // vitest also fails for errors outside any test, or may have been killed before it could write results.
  if (exitCode !== 0 && counts.failed === 0) counts.failed++;
  return counts;
}

/**
 * @param {unknown} results what Playwright's JSON reporter wrote, or null where it wrote nothing
 * @param {number} exitCode of Playwright
 * @returns {Counts}
 */
export function countJourneys(results, exitCode) {
  const {
    expected = 0,
    flaky = 0,
    unexpected = 0,
    skipped = 0,
  } = /** @type {{stats?: {expected?: number, flaky?: number, unexpected?: number, skipped?: number}} | null} */ (results)?.stats ?? {};
  // Playwright also fails where no journey could begin.
  const failed = exitCode !== 0 && unexpected === 0 ? 1 : unexpected;
  return { passed: expected + flaky, failed, skipped };
}

/**
 * @param {Counts} a
 * @param {Counts} b
 * @returns {Counts}
 */
export const add = (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped });

/** @param {Counts} counts */
export function summarise({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
