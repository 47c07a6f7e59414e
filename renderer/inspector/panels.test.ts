import { describe, expect, it } from 'vitest';
import { fitted, moved, readView, writeView, zoomed } from './panels.ts';

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

describe('the part of the matrices that the address holds', () => {
  it('comes back as it was written; anything else shows everything', () => {
    const view = { x: 3.25, y: 0, extent: 40 };
    expect(readView(writeView(view))).toEqual(view);
    expect(writeView(undefined)).toBeNull();
    for (const text of [null, '', '1,2', '1,2,3,4', '1,2,x', '1,2,0', '1,2,-5']) expect(readView(text)).toBeUndefined();
  });

  it('fits into any network: a smaller one shows what it has', () => {
    expect(fitted(undefined, 17)).toEqual({ x: 0, y: 0, extent: 17 });
    expect(fitted({ x: 900, y: 10, extent: 100 }, 1025)).toEqual({ x: 900, y: 10, extent: 100 });
    expect(fitted({ x: 900, y: 10, extent: 100 }, 50)).toEqual({ x: 0, y: 0, extent: 50 });
    expect(fitted({ x: -5, y: 1020, extent: 20 }, 1025)).toEqual({ x: 0, y: 1005, extent: 20 });
  });
});
