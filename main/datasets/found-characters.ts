/** Omniglot and the generated characters, as an import sees them. */
import { drawingsPerCharacter, drawingSide, type CharacterDataset } from '../../core/data/character-images.ts';
import { generatedCharacterCount, generatorVersion } from '../../core/data/generated-characters.ts';
import { statFiles } from './dataset-files.ts';
import type { OmniglotFiles } from './find-omniglot.ts';
import { inspectionOf, type DatasetContent, type FoundDataset } from './found-dataset.ts';
import { generatedCharacterBytes, openGeneratedCharacters } from './generated-characters.ts';
import { openOmniglot } from './omniglot.ts';
import { measureInk } from './pixel-statistics.ts';
import { drawingCell } from './thumbnails.ts';

export function foundOmniglot(files: OmniglotFiles): FoundDataset {
  return {
    path: files.root,
    inspect: async () => inspectionOf(await statFiles(files.root, [...files.zips, ...files.drawings])),
    read: async (reading) => describe(await openOmniglot(files, reading), 'MIT licence, copyright 2015 Brenden Lake.'),
  };
}

export function foundGeneratedCharacters(): FoundDataset {
  const workBytes = generatedCharacterCount * generatedCharacterBytes;
  return {
    path: null,
    inspect: () => Promise.resolve({ files: [], sizeBytes: 0, workBytes, fingerprint: `generator version ${generatorVersion}` }),
    read: async (reading) => describe(await openGeneratedCharacters(reading), 'Part of Engram: MIT licence.'),
  };
}

function describe({ characters, ...dataset }: CharacterDataset, licence: string): DatasetContent {
  return {
    about: {
      ...dataset,
      images: characters.length * drawingsPerCharacter,
      imageWidth: drawingSide,
      imageHeight: drawingSide,
      channels: 1,
      classes: characters.map(({ alphabet, name }) => ({ name: `${alphabet}/${name}`, images: drawingsPerCharacter })),
      trainingImages: null,
      evaluationImages: null,
      licence,
    },
    groups: characters.map(({ alphabet, name, drawings }) => ({
      name: `${alphabet}/${name}`,
      count: drawingsPerCharacter,
      sample: (index) => (side) => drawingCell(drawings[index]!, side),
    })),
    measure: () => measureInk(characters),
  };
}
