/** A folder of images and the photographs that come with Engram, as an import sees them. */
import { readFile } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { statFile, statFiles } from './dataset-files.ts';
import { aboutImages, inspectionOf, type DatasetContent, type FoundDataset } from './found-dataset.ts';
import { decodeSquare } from './image-decoding.ts';
import { findImageFiles, openImageFolder, type ImageFolder } from './image-folder.ts';
import { openPhotographs, photographFiles } from './photographs.ts';
import { measureGrey } from './pixel-statistics.ts';
import type { Sample } from './thumbnails.ts';

export function foundImageFolder(folder: string): FoundDataset {
  return {
    path: folder,
    inspect: async () =>
      inspectionOf(
        await statFiles(
          folder,
          (await findImageFiles(folder)).map((path) => nameIn(folder, path)),
        ),
      ),
    read: async (reading) => describe(folder, await openImageFolder(folder, reading)),
  };
}

export function foundPhotographs(): FoundDataset {
  return {
    path: null,
    inspect: async () => inspectionOf(await Promise.all(photographFiles().map(({ name, path }) => statFile(name, path)))),
    read: async (reading) => {
      const dataset = await openPhotographs(reading);
      const files = photographFiles();
      const licence = "Public domain (CC0 1.0): images courtesy of the Getty's Open Content Program.";
      return {
        about: { ...aboutImages(dataset), images: files.length, channels: 3, classes: [], licence },
        groups: [{ name: null, count: files.length, sample: (index) => sampleOf(files[index]!.path) }],
        measure: () => measureGrey([...dataset.training, ...dataset.evaluation]),
      };
    },
  };
}

function describe(folder: string, { dataset, images }: ImageFolder): DatasetContent {
  const byFolder = Map.groupBy(images, ({ path }) => nameIn(folder, dirname(path)));
  const groups = [...byFolder].sort(([a], [b]) => (a < b ? -1 : 1));
  const classes = groups.flatMap(([name, members]) => (name === '' ? [] : [{ name, images: members.length }]));
  return {
    about: {
      ...aboutImages(dataset),
      images: images.length,
      channels: images.some(({ image }) => image.isColour) ? 3 : 1,
      classes,
      licence: 'Not known to Engram: what may be done with these images is for you to know.',
    },
    groups: groups.map(([name, members]) => {
      return { name: name === '' ? null : name, count: members.length, sample: (index) => sampleOf(members[index]!.path) };
    }),
    measure: () => measureGrey([...dataset.training, ...dataset.evaluation]),
  };
}

function sampleOf(path: string): Sample {
  return async (side) => decodeSquare(await readFile(path), path, side);
}

/** Relative, with `/` on every system; empty for the folder itself. */
function nameIn(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}
