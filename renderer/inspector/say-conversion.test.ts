import { describe, expect, it } from 'vitest';
import { sayConversion } from './say-conversion.ts';

describe('images that are converted', () => {
  it.each([
    [{ imageWidth: 32, imageHeight: 32, channels: 1 }, ''],
    [{ imageWidth: 32, imageHeight: 32, channels: 3 }, 'images of 32 × 32: their colours as grey'],
    [{ imageWidth: 640, imageHeight: 32, channels: 1 }, 'images of 640 × 32: a piece of 32 × 32, at a place that the episode draws'],
    [
      { imageWidth: null, imageHeight: null, channels: 3 },
      'images of several sizes: their colours as grey; a piece of 32 × 32, at a place that the episode draws',
    ],
  ] as const)('are said so: %j', (images, words) => {
    expect(sayConversion(images, 32)).toBe(words);
  });
});
