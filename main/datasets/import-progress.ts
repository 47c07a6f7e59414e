/** Says how far an import is, not more often than anyone can look, and ends it when it is cancelled. */
import type { Reading } from './reading.ts';

export interface ImportProgress {
  /** `reading`, `copying` (bytes) or `thumbnails` (pictures). */
  readonly phase: string;
  readonly done: number;
  readonly total: number;
}

const intervalMs = 50;

export interface PhaseReporter {
  begin(phase: string, total: number): Reading;
}

/** The first and the last of each phase are always told. */
export function createPhaseReporter(signal: AbortSignal, onProgress: (progress: ImportProgress) => void): PhaseReporter {
  return {
    begin(phase, total) {
      let done = 0;
      let toldAtMs = performance.now();
      onProgress({ phase, done, total });
      return {
        advance(bytes) {
          signal.throwIfAborted();
          const before = done;
          // What is read may be counted a little otherwise than the files' sizes.
          done = Math.min(total, done + bytes);
          const nowMs = performance.now();
          if (nowMs - toldAtMs < intervalMs && !(done === total && before < total)) return;
          toldAtMs = nowMs;
          onProgress({ phase, done, total });
        },
      };
    },
  };
}
