/** Charts as files: a drawing, a picture, and the numbers behind them. */
import { drawFigure, type Figure } from './figure-svg.ts';
import { saveFile } from '../ui/save-file.ts';

const pictureScale = 2;

export async function saveSvg(figure: Figure, name: string): Promise<void> {
  await save(`${name}.svg`, () => Promise.resolve(new TextEncoder().encode(drawFigure(figure))));
}

export async function savePng(figure: Figure, name: string): Promise<void> {
  await save(`${name}.png`, () => rasterise(drawFigure(figure)));
}

/** @param read gives the text. */
export async function saveCsv(read: () => Promise<string>, name: string): Promise<void> {
  await save(`${name}.csv`, async () => new TextEncoder().encode(await read()));
}

async function save(name: string, make: () => Promise<Uint8Array>): Promise<void> {
  await saveFile(name, make, 'The chart was not saved');
}

async function rasterise(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width * pictureScale, image.height * pictureScale];
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (blob === null) throw new Error('the picture is too large to be made');
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(address);
  }
}
