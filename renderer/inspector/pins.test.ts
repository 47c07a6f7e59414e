import { describe, expect, it } from 'vitest';
import { mostPins, readPins, writePins } from './pins.ts';

describe('pinned synapses in an address', () => {
  it('come back as they were', () => {
    const pins = [
      { i: 12, j: 40 },
      { i: 3, j: 7 },
    ];
    expect(readPins(writePins(pins))).toEqual(pins);
    expect([writePins([]), readPins(null)]).toEqual([null, []]);
  });

  it('are not what is no pair, nor the same twice, nor more than fit', () => {
    expect(readPins('1-2,x,1-2,-3,4-5-6,7-8')).toEqual([
      { i: 1, j: 2 },
      { i: 7, j: 8 },
    ]);
    expect(readPins(Array.from({ length: 20 }, (_, at) => `${at}-0`).join(','))).toHaveLength(mostPins);
  });
});
