import { describe, expect, it } from 'vitest';
import { findBlocks, memoryOf } from './blocks.ts';

describe('an episode as blocks', () => {
  const labels = ['image 2', 'image 2', 'blank', 'image 1', 'test', 'test'];

  it('puts together what follows itself', () => {
    expect(findBlocks(labels)).toEqual([
      { first: 1, last: 2, label: 'image 2', kind: 'shown', shown: 2 },
      { first: 3, last: 3, label: 'blank', kind: 'blank', shown: undefined },
      { first: 4, last: 4, label: 'image 1', kind: 'shown', shown: 1 },
      { first: 5, last: 6, label: 'test', kind: 'test', shown: undefined },
    ]);
  });

  it('says of each step which memory it belongs to', () => {
    expect(labels.map((_, at) => memoryOf(findBlocks(labels))(at + 1))).toEqual(labels);
  });
});
