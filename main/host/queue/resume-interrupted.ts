/** Queues interrupted runs again by themselves, if the user chose so, and gives up on those that get nowhere. */
import type { QueueContext } from './context.ts';
import { firstPlace } from './places.ts';

const mostResumesWithoutProgress = 3;

export function resumeInterrupted(context: QueueContext, id: string): void {
  if (!context.settings().resumeInterrupted) return;
  const { resumesWithoutProgress: resumes, reason } = context.read(id);
  if (resumes >= mostResumesWithoutProgress) {
    const message = `not resumed again by itself: ${resumes} resumes have brought no new checkpoint; the last time, ${reason}`;
    context.note(id, 'resume-given-up', message, { level: 'error' });
    return;
  }
  context.change(id, { status: 'queued', queuePlace: firstPlace(context), endedAtMs: null, resumesWithoutProgress: resumes + 1 });
  context.note(id, 'queued', 'queued again to go on from its last checkpoint');
}
