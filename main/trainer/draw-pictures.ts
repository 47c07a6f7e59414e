/** Pictures of held-out episodes while a run trains, as long as they cost next to nothing. */
import type { Training } from '../../core/training/training.ts';
import { writePicture } from '../run-folder/pictures.ts';
import type { RunPaths } from '../run-folder/run-paths.ts';

/** Of the time that training takes; where evaluations follow each other faster, some have no picture. The first one, with which everything warms up, counts not. */
const timeShare = 0.01;

export interface Pictures {
  /** Draws and keeps what the network does now. It leaves the training as it was, its random streams included. */
  draw(): Promise<void>;
}

/** @param now milliseconds that pass, from wherever. */
export function createPictures(training: Training, { pictures }: RunPaths, now = () => performance.now()): Pictures {
  const begunMs = now();
  let spentMs: number | undefined;
  return {
    draw: async () => {
      const nowMs = now();
      if (spentMs !== undefined && spentMs > timeShare * (nowMs - begunMs)) return;
      const picture = await training.draw();
      if (picture === undefined) return;
      await writePicture(pictures, training.iteration, picture);
      spentMs = spentMs === undefined ? 0 : spentMs + now() - nowMs;
    },
  };
}
