/** Pictures of held-out episodes while a run trains, as long as they cost next to nothing. */
import type { Training } from '../../core/training/training.ts';
import { writePicture } from '../run-folder/pictures.ts';
import type { RunPaths } from '../run-folder/run-paths.ts';

/** Of the time that training takes; where evaluations follow each other faster, some have no picture. */
const timeShare = 0.01;

export interface Pictures {
  /** Draws and keeps what the network does now. It leaves the training as it was, its random streams included. */
  draw(): Promise<void>;
}

/** @param now milliseconds that pass, from wherever. */
export function createPictures(training: Training, { pictures }: RunPaths, now = () => performance.now()): Pictures {
  const begunMs = now();
  let spentMs = 0;
  let lastMs = 0;
  return {
    draw: async () => {
      const nowMs = now();
      if (spentMs + lastMs > timeShare * (nowMs - begunMs)) return;
      const picture = await training.draw();
      if (picture === undefined) return;
      await writePicture(pictures, training.iteration, picture);
      lastMs = now() - nowMs;
      spentMs += lastMs;
    },
  };
}
