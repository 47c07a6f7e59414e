/** The order of the queue: numbers with room between them. */
import { queueEnds, runsWithStatus } from '../store/runs.ts';
import type { QueueContext } from './context.ts';

/** A place behind all that are queued. */
export function lastPlace({ lab }: QueueContext): number {
  return (queueEnds(lab)?.last ?? 0) + 1;
}

/** A place before all that are queued. */
export function firstPlace({ lab }: QueueContext): number {
  return (queueEnds(lab)?.first ?? 1) - 1;
}

/** Puts `id` in front of `beforeId`, or behind all; both are queued. Gives all of them new numbers where there is no room left between two. */
export function movePlace(context: QueueContext, id: string, beforeId: string | null): void {
  if (id === beforeId) return;
  const others = runsWithStatus(context.lab, ['queued']).filter((row) => row.id !== id);
  const found = others.findIndex((row) => row.id === beforeId);
  const index = found === -1 ? others.length : found;
  const before = others[index - 1]?.queuePlace;
  const after = others[index]?.queuePlace;
  const place = after === undefined ? (before ?? 0) + 1 : before === undefined ? (after ?? 0) - 1 : ((before ?? 0) + (after ?? 0)) / 2;
  if (place !== before && place !== after) {
    context.change(id, { queuePlace: place });
    return;
  }
  const order = [...others.slice(0, index).map((row) => row.id), id, ...others.slice(index).map((row) => row.id)];
  for (const [position, each] of order.entries()) context.change(each, { queuePlace: position + 1 });
}
