import { expect, it, vi } from 'vitest';
import { drawFigure } from './figure-svg.ts';
import type { ChartLine } from './lines.ts';

// What the page's tokens are does not matter here.
vi.mock('./theme-colours.ts', () => ({
  readColours: () => ({
    series: Array<string>(8).fill('#123456'),
    text: '#000',
    quiet: '#888',
    grid: '#eee',
    page: '#fff',
    accent: '#00f',
  }),
}));

const line = (key: string, label: string): ChartLine => ({
  key,
  label,
  look: { colour: 1, dash: 0 },
  path: { x: Float64Array.of(1, 2, 3), y: Float64Array.of(1, 2, 3) },
});
const texts = (lines: readonly ChartLine[]) => {
  const svg = drawFigure({
    title: 'Loss',
    lines,
    x: { from: 1, to: 3 },
    y: { from: 1, to: 3 },
    along: 'episodes',
    isLogX: false,
    isLogY: false,
    format: String,
  });
  return [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text!);
};

it('has the lines with a name in the legend, however many others there are', () => {
  const members = Array.from({ length: 40 }, (_, index) => line(`run-${index}`, ''));
  const drawn = texts([...members.slice(0, 20), line('a', 'free (n = 20)'), ...members.slice(20), line('b', 'yoked (n = 20)')]);
  expect(drawn.slice(-2)).toEqual(['free (n = 20)', 'yoked (n = 20)']);
  expect(drawn).not.toContain('');
});

it('has no legend of a single group', () => {
  expect(texts([line('run', ''), line('a', 'free (n = 1)')]).at(-1)).toBe('episodes');
});
