/**
 * A batch of episodes among threads. Its shares depend on its size alone and are added in their order, whoever took them: the same seed gives the same
 * bits on any number of threads. Each thread takes the next share that nobody has taken, so that one that is held up does not hold up the others.
 */
import type { HostGradients, HostValues } from '../networks/host-learned.ts';
import { shareOut } from '../plasticity/small/shares.ts';
import type { AgentEpisodes, ShareResult } from './agent-episodes.ts';

/** Enough for as many threads to have something to do; each costs a copy of the weights and one of the gradients. */
const mostShares = 8;

/** What a thread is told; goes through `postMessage`. */
export interface BatchJob {
  readonly values: HostValues;
  /** Number of the batch's first episode. */
  readonly first: number;
  readonly batch: number;
  /** [1], shared: the next share to take. */
  readonly next: Int32Array<SharedArrayBuffer>;
}

export interface SharePart extends ShareResult {
  /** Which share it is. */
  readonly index: number;
}

/** Another thread, with episodes of its own. */
export interface Helper {
  work(job: BatchJob): Promise<readonly SharePart[]>;
  stop(): void;
}

export interface Helpers {
  /** Threads that may work at once, this one included. */
  readonly threads: number;
  start(): Helper;
}

export const sharesOf = (batch: number) => shareOut(batch, Math.ceil(batch / mostShares));

/** Takes shares until there are none left. */
export function takeShares(episodes: AgentEpisodes, { first, batch, next }: Omit<BatchJob, 'values'>): SharePart[] {
  const shares = sharesOf(batch);
  const parts: SharePart[] = [];
  for (let index = Atomics.add(next, 0, 1); index < shares.length; index = Atomics.add(next, 0, 1)) {
    parts.push({ index, ...episodes.train(first, shares[index]!, batch) });
  }
  return parts;
}

/** Their sum, in double precision. @throws RangeError where there is not one part of each share. */
export function addParts(parts: readonly SharePart[], batch: number): ShareResult {
  const sorted = parts.toSorted((a, b) => a.index - b.index);
  const [head, ...others] = sorted;
  if (head === undefined || sorted.length !== sharesOf(batch).length || sorted.some(({ index }, at) => index !== at)) {
    throw new RangeError(`a batch of ${batch} has ${sharesOf(batch).length} shares, not ${sorted.map(({ index }) => index).join(', ')}`);
  }
  const gradients = addGradients(sorted.map((part) => part.gradients));
  let { loss, entropy, reward } = head;
  for (const part of others) {
    loss += part.loss;
    entropy += part.entropy;
    reward += part.reward;
  }
  return { gradients, loss, entropy, reward };
}

/** Their sum, in double precision. @param gradients of shares in their order, at least one, all of the same names. */
export function addGradients(gradients: readonly HostGradients[]): HostGradients {
  const [first, ...others] = gradients;
  if (first === undefined) throw new RangeError('there are no gradients to add');
  const sum = {
    matrices: Object.fromEntries(Object.entries(first.matrices).map(([name, values]) => [name, Float64Array.from(values)])),
    numbers: { ...first.numbers },
  };
  for (const other of others) addTo(sum, other);
  return sum;
}

function addTo(
  sum: { readonly matrices: Readonly<Record<string, Float64Array>>; readonly numbers: Record<string, number> },
  { matrices, numbers }: HostGradients,
): void {
  for (const [name, values] of Object.entries(matrices)) {
    const to = sum.matrices[name]!;
    for (let at = 0; at < to.length; at++) to[at]! += values[at]!;
  }
  for (const [name, value] of Object.entries(numbers)) sum.numbers[name]! += value;
}
