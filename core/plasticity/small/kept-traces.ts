/**
 * The traces that are kept on the way forward, so that on the way back each can be had again: by inverting the changes since (the kernel does, on its
 * way through) where that hardly enlarges rounding errors, else by repeating them from the trace kept last. Kept are those that begin a segment. One
 * whose changes can be inverted is as long as that lasts; any other has ⌈√T⌉ steps, so that no more than 2 ⌈√T⌉ traces are ever held.
 */
/** How many times larger an error may have become at the end of an inverted segment. */
const mostGrowth = 8;

export interface KeptTraces {
  begin(): void;
  /** Before change t (1, 2, …) is made to the trace, which is hebb(t). @param smallest of that change's |decay| over columns, 1 where all are larger: what it takes away comes too late for those before. */
  keep(t: number, smallest: number): void;
  /** Where hebb(t) is, for t falling from the last change; 0 where change t is to be inverted. Valid until the next call. */
  find(t: number): number;
}

/** The longest segment that is repeated. */
const repeatedSteps = (steps: number) => Math.ceil(Math.sqrt(steps));

/** How many traces there must be room for. */
export function countTraces(steps: number) {
  const most = repeatedSteps(steps);
  // Segments begin at change 1, and none but the last is shorter than `most`.
  return { anchors: Math.ceil(steps / most), repeated: Math.max(1, most - 1) };
}

/** What is done with traces at addresses. */
export interface TraceMemory {
  readonly anchors: readonly number[];
  readonly repeated: readonly number[];
  /** Copies the trace as it is. */
  copy(to: number): void;
  /** Makes change t. */
  advance(t: number, from: number, to: number): void;
}

export function createKeptTraces(steps: number, { anchors, repeated, copy, advance }: TraceMemory): KeptTraces {
  const most = repeatedSteps(steps);
  const starts = new Int32Array(anchors.length);
  const isRepeated = new Uint8Array(anchors.length);
  let segment = 0;
  let growth = 1;
  /** The segment whose traces `repeated` holds. */
  let held = -1;

  const open = (index: number, t: number) => {
    segment = index;
    starts[index] = t;
    isRepeated[index] = 0;
    growth = 1;
  };

  return {
    begin: () => {
      // hebb(1) is zero, as is the room for the first anchor, which nothing ever writes.
      open(0, 1);
      held = -1;
    },

    keep: (t, smallest) => {
      if (t === 1) return;
      growth /= smallest;
      if (!(growth > mostGrowth)) return;
      if (t - starts[segment]! < most) isRepeated[segment] = 1;
      else {
        open(segment + 1, t);
        copy(anchors[segment]!);
      }
    },

    find: (t) => {
      while (t < starts[segment]!) segment--;
      const start = starts[segment]!;
      if (t === start) return anchors[segment]!;
      if (isRepeated[segment] === 0) return 0;
      if (held !== segment) {
        for (let s = start; s < t; s++) advance(s, s === start ? anchors[segment]! : repeated[s - start - 1]!, repeated[s - start]!);
        held = segment;
      }
      return repeated[t - start - 1]!;
    },
  };
}
