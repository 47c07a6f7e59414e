import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { decodeNpz } from '../../core/files/npz.ts';
import { decodeSafetensors, type NamedArrays } from '../../core/files/safetensors.ts';
import { writeArrayFile } from './array-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engram-arrays-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const arrays: NamedArrays = {
  w: { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, -0, 1e-40, 3) },
  count: { dtype: 'I32', shape: [1], data: Int32Array.of(7) },
};

it.each([
  ['npz', decodeNpz],
  ['safetensors', (bytes: Uint8Array) => decodeSafetensors(bytes).arrays],
] as const)('arrays as .%s read back as they were', async (format, decode) => {
  const to = join(folder, `weights.${format}`);
  const { bytes } = await writeArrayFile({ arrays, format, to });
  const file = readFileSync(to);
  expect(file.length).toBe(bytes);
  expect(decode(file)).toEqual(arrays);
  expect(readdirSync(folder)).toEqual([`weights.${format}`]);
});

it('are not written when that was cancelled', async () => {
  const write = writeArrayFile({ arrays, format: 'npz', to: join(folder, 'weights.npz'), signal: AbortSignal.abort() });
  await expect(write).rejects.toMatchObject({ name: 'AbortError' });
  expect(readdirSync(folder)).toEqual([]);
});
