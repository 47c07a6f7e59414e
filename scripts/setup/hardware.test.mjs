import { describe, expect, test } from 'vitest';
import { chooseVariant } from './hardware.mjs';

const linux = { platform: 'linux', arch: 'x64', glibc: true, avx: true, nvidiaDriver: false };

describe('which libtensorflow', () => {
  test('the CPU library without an NVIDIA driver', () => {
    expect(chooseVariant(linux, {})).toEqual({ variant: 'cpu' });
  });

  test('the GPU library with one', () => {
    expect(chooseVariant({ ...linux, nvidiaDriver: true }, {})).toEqual({ variant: 'gpu' });
  });

  test('the user’s choice goes before the hardware', () => {
    expect(chooseVariant({ ...linux, nvidiaDriver: true }, { ENGRAM_TENSORFLOW: 'cpu' })).toEqual({ variant: 'cpu' });
    expect(chooseVariant(linux, { ENGRAM_TENSORFLOW: 'gpu' })).toEqual({ variant: 'gpu' });
  });

  test.each([
    [{ platform: 'darwin', arch: 'arm64' }, 'darwin arm64'],
    [{ platform: 'win32' }, 'win32 x64'],
    [{ arch: 'arm64' }, 'linux arm64'],
    [{ glibc: false }, 'glibc'],
    [{ avx: false }, 'AVX'],
  ])('none on %o, with the reason', (difference, reason) => {
    expect(chooseVariant({ ...linux, ...difference }, { ENGRAM_TENSORFLOW: 'cpu' })).toMatchObject({
      variant: null,
      reason: expect.stringContaining(reason),
    });
  });

  test('none when the user does without', () => {
    expect(chooseVariant(linux, { ENGRAM_SKIP_TENSORFLOW: '1' })).toMatchObject({
      variant: null,
      reason: expect.stringContaining('ENGRAM_SKIP_TENSORFLOW=1'),
    });
  });

  test('an unknown wish is named, not guessed', () => {
    expect(chooseVariant(linux, { ENGRAM_TENSORFLOW: 'tpu' })).toMatchObject({ variant: null, reason: expect.stringContaining('"tpu"') });
  });
});
