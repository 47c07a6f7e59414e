import { expect, test } from 'vitest';
import { add, countTests, summarise } from './test-counts.mjs';

/** @param {string[]} statuses */
const file = (...statuses) => ({
  status: statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status) => ({ status })),
});

test('tests are counted by their outcome', () => {
  const results = { testResults: [file('passed', 'skipped', 'todo'), file('passed', 'failed')] };
  expect(countTests(results, 1)).toEqual({ passed: 2, failed: 1, skipped: 2 });
});

test('a file that could not be loaded counts as one failure', () => {
  expect(countTests({ testResults: [file('passed'), { status: 'failed', assertionResults: [] }] }, 1)).toEqual({
    passed: 1,
    failed: 1,
    skipped: 0,
  });
});

test('a failing exit never counts as success', () => {
  expect(countTests({ testResults: [file('passed')] }, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  expect(countTests(null, 137)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('the closing line', () => {
  expect(summarise(add({ passed: 5, failed: 1, skipped: 0 }, { passed: 2, failed: 0, skipped: 0 }))).toBe('7 passed, 1 failed');
  expect(summarise({ passed: 7, failed: 0, skipped: 3 })).toBe('7 passed, 0 failed, 3 skipped');
});
