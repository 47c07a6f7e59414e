// The closing line of `npm test`, counted from vitest's own results.

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
 * @param {Counts} a
 * @param {Counts} b
 * @returns {Counts}
 */
export const add = (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped });

/** @param {Counts} counts */
export function summarise({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
