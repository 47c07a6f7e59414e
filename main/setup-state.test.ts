import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readTensorFlowSetup, withTensorFlowLibraries } from './setup-state.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'engram-setup-state-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(content: string): string {
  const file = path.join(folder, 'setup.json');
  writeFileSync(file, content);
  return file;
}

test('a ready library is read with its folders', () => {
  const tensorflow = { state: 'ready', variant: 'gpu', version: '2.18.1', libraryPath: ['/cache/cublas', '/cache/cudnn'] };
  const file = write(JSON.stringify({ formatVersion: 1, tensorflow, fingerprint: 'x', attemptedAtMs: 0 }));
  expect(readTensorFlowSetup(file)).toEqual(tensorflow);
});

test('an absent library is read with reason and remedy', () => {
  const tensorflow = { state: 'absent', reason: 'no network', remedy: 'try again' };
  expect(readTensorFlowSetup(write(JSON.stringify({ formatVersion: 1, tensorflow })))).toEqual(tensorflow);
});

test.each([
  '',
  '{',
  '[]',
  '{"formatVersion":2,"tensorflow":{"state":"absent","reason":"r"}}',
  '{"formatVersion":1,"tensorflow":{"state":"ready"}}',
])('what is no state of this format (%j) counts as a set-up that has not run', (content) => {
  expect(readTensorFlowSetup(write(content))).toMatchObject({ state: 'absent', reason: 'set-up has not run here' });
});

test('the loader’s path gets the CUDA folders first, once each, and keeps its own', () => {
  const setup = { state: 'ready' as const, variant: 'gpu' as const, version: '2.18.1', libraryPath: ['/a', '/b'] };
  expect(withTensorFlowLibraries({ LD_LIBRARY_PATH: '/own:/b', HOME: '/h' }, setup)).toEqual({ LD_LIBRARY_PATH: '/a:/b:/own', HOME: '/h' });
});

test('the CPU library changes no environment', () => {
  const env = { HOME: '/h' };
  expect(withTensorFlowLibraries(env, { state: 'ready', variant: 'cpu', version: '2.18.1', libraryPath: [] })).toBe(env);
});
