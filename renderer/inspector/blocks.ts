/** An episode as a line of blocks: presentations, blank stretches, the test. */

export interface Block {
  /** Its first step, from 1. */
  readonly first: number;
  readonly last: number;
  readonly label: string;
  readonly kind: 'shown' | 'blank' | 'test' | 'plain';
  /** The number of what is shown, from 1. */
  readonly shown: number | undefined;
}

export function findBlocks(labels: readonly string[]): Block[] {
  const blocks: Block[] = [];
  labels.forEach((label, index) => {
    const last = blocks.at(-1);
    if (last?.label === label) blocks[blocks.length - 1] = { ...last, last: index + 1 };
    else blocks.push({ first: index + 1, last: index + 1, label, ...kindOf(label) });
  });
  return blocks;
}

function kindOf(label: string): Pick<Block, 'kind' | 'shown'> {
  // `image 2`, `pattern 2`, `character 2`
  const number = /^\w+ (\d+)$/.exec(label)?.[1];
  if (number !== undefined) return { kind: 'shown', shown: Number(number) };
  if (label === 'blank') return { kind: 'blank', shown: undefined };
  return { kind: label === 'test' || label === 'question' ? 'test' : 'plain', shown: undefined };
}

/** The name under which attribution puts together what a step wrote: each presentation by what it showed. */
export function memoryOf(blocks: readonly Block[]): (step: number) => string {
  const names: string[] = [];
  for (const { first, last, label } of blocks) for (let step = first; step <= last; step++) names[step] = label;
  return (step) => names[step]!;
}
