import { describe, expect, it } from 'vitest';
import { moved, zoomed } from './panels.ts';

describe('the view of the matrices', () => {
  const whole = { x: 0, y: 0, extent: 100 };

  it('zooms around the place that is pointed at, and never beyond the matrix', () => {
    const close = zoomed(whole, 0.5, 0.25, 0.75, 100);
    expect(close).toEqual({ x: 12.5, y: 37.5, extent: 50 });
    expect(zoomed(close, 10, 0.5, 0.5, 100)).toEqual(whole);
    expect(zoomed(whole, 0.001, 0, 0, 100).extent).toBe(8);
    expect(zoomed({ x: 0, y: 0, extent: 5 }, 0.5, 0, 0, 5).extent).toBe(5);
  });

  it('stays inside when it is moved', () => {
    const close = { x: 10, y: 20, extent: 50 };
    expect(moved(close, 5, -5, 100)).toEqual({ x: 15, y: 15, extent: 50 });
    expect(moved(close, 1000, -1000, 100)).toEqual({ x: 50, y: 0, extent: 50 });
  });
});
