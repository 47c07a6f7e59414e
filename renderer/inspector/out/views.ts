/** The views of Look inside as pictures: which there are, and files of them. */
import { saveFile } from '../../ui/save-file.ts';
import { plainColour } from './colour.ts';
import { readScene } from './read-scene.ts';
import { compose, type Scene } from './scene.ts';
import { paint } from './scene-canvas.ts';
import { toSvg } from './scene-svg.ts';

export interface View {
  readonly name: string;
  readonly element: HTMLElement;
}

const pixels = 2;

export function findViews(page: HTMLElement): View[] {
  const found = [...page.querySelectorAll<HTMLElement>('[data-view]')].map((element) => {
    const isBeside = element.closest('section[aria-label="Beside"]') !== null;
    return { name: `${isBeside ? 'Beside: ' : ''}${element.dataset['view']!}`, element };
  });
  return found.filter(({ element }) => element.clientHeight > 0);
}

/** As they are at this moment. */
export function sceneOf(title: string, line: string, views: readonly View[]): Scene {
  const style = getComputedStyle(document.body);
  const ground = plainColour(style.backgroundColor) ?? 'white';
  const text = plainColour(style.color) ?? 'black';
  const parts = views.map(({ name, element }) => ({ name, scene: readScene(element) }));
  return compose(title, line, parts, { ground, text, quiet: text });
}

export async function savePicture(format: 'png' | 'svg', name: string, make: () => Scene): Promise<void> {
  await saveFile(
    `${name}.${format}`,
    async () => (format === 'svg' ? new TextEncoder().encode(toSvg(make(), (source) => source.toDataURL('image/png'))) : await toPng(make())),
    'The picture was not saved',
  );
}

async function toPng(scene: Scene): Promise<Uint8Array> {
  const canvas = document.createElement('canvas');
  paint(canvas, scene, pixels);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('the picture is too large to be made');
  return new Uint8Array(await blob.arrayBuffer());
}
