/** Pictures one after the other as a film: WebM by the window's own encoder, or GIF. */
import type { Scene } from './scene.ts';
import { paint } from './scene-canvas.ts';

export type FilmFormat = 'webm' | 'gif';

interface Encoder {
  add(canvas: HTMLCanvasElement): Promise<void>;
  cancel(): Promise<void>;
  finish(): Promise<Uint8Array>;
}

export interface FilmOptions {
  readonly format: FilmFormat;
  readonly framesPerSecond: number;
  readonly frames: number;
  /** The picture of a frame, from 0. */
  readonly frame: (index: number) => Promise<Scene>;
  readonly onprogress: (done: number) => void;
  readonly signal: AbortSignal;
}

/** Undefined when it was cancelled. @throws Error where this window cannot encode. */
export async function makeFilm({ format, framesPerSecond, frames, frame, onprogress, signal }: FilmOptions): Promise<Uint8Array | undefined> {
  const canvas = document.createElement('canvas');
  let encoder: Encoder | undefined;
  /** All pictures have the first one's size. */
  let size: Pick<Scene, 'width' | 'height'> | undefined;
  for (let index = 0; index < frames; index++) {
    if (signal.aborted) {
      await encoder?.cancel();
      return undefined;
    }
    const scene = await frame(index);
    size ??= { width: scene.width, height: scene.height };
    paint(canvas, { ...scene, ...size }, 1);
    encoder ??= format === 'gif' ? await createGif(framesPerSecond) : await createWebM(canvas, framesPerSecond);
    await encoder.add(canvas);
    onprogress(index + 1);
  }
  return await encoder?.finish();
}

/** Colours are chosen for each frame. */
async function createGif(framesPerSecond: number): Promise<Encoder> {
  const { GIFEncoder, applyPalette, quantize } = await import('gifenc');
  const gif = GIFEncoder();
  return {
    add: async (canvas) => {
      const { data, width, height } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const palette = quantize(data, 256);
      gif.writeFrame(applyPalette(data, palette), width, height, { palette, delay: 1000 / framesPerSecond, repeat: 0 });
      // What the window has to do comes in between.
      await new Promise((resolve) => setTimeout(resolve));
    },
    cancel: () => Promise.resolve(),
    finish: () => {
      gif.finish();
      return Promise.resolve(gif.bytes());
    },
  };
}

async function createWebM(canvas: HTMLCanvasElement, framesPerSecond: number): Promise<Encoder> {
  const { BufferTarget, CanvasSource, Output, QUALITY_HIGH, WebMOutputFormat, canEncodeVideo } = await import('mediabunny');
  const codec = (await canEncodeVideo('vp9', { width: canvas.width, height: canvas.height })) ? 'vp9' : 'vp8';
  const output = new Output({ format: new WebMOutputFormat(), target: new BufferTarget() });
  const source = new CanvasSource(canvas, { codec, quality: QUALITY_HIGH });
  output.addVideoTrack(source, { frameRate: framesPerSecond });
  await output.start();
  let index = 0;
  return {
    add: (_canvas) => source.add(index++ / framesPerSecond, 1 / framesPerSecond),
    cancel: () => output.cancel(),
    finish: async () => {
      await output.finalize();
      const { buffer } = output.target;
      if (buffer === null) throw new Error('the film has no content');
      return new Uint8Array(buffer);
    },
  };
}
