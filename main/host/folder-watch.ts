/** Notices that the lab's folder is gone: deleted, moved, or on a disk that was taken away. */
import { existsSync } from 'node:fs';

const lookEveryMs = 1000;

/** Until the returned function is called. */
export function watchFolder(folder: string, onGone: () => void): () => void {
  const timer = setInterval(() => {
    if (existsSync(folder)) return;
    clearInterval(timer);
    onGone();
  }, lookEveryMs);
  return () => clearInterval(timer);
}
