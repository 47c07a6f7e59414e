/** CIFAR-10, archive or folder, as an import sees it. */
import { cifar10Role, isCifar10Meta, openCifar10Archive, openCifar10Folder, type Cifar10, type Cifar10Folder } from './cifar-10.ts';
import { statFiles } from './dataset-files.ts';
import { aboutImages, inspectionOf, type DatasetContent, type FoundDataset } from './found-dataset.ts';
import { measureGrey } from './pixel-statistics.ts';
import { cifar10Cell } from './thumbnails.ts';

const licence =
  'Published without a licence by Krizhevsky, Nair and Hinton, who ask that "Learning Multiple Layers of Features from Tiny Images" (2009) be cited.';

export function foundCifar10Archive(path: string): FoundDataset {
  return {
    path,
    inspect: async () => inspectionOf(await statFiles(path, [''])),
    read: async (reading) => describe(await openCifar10Archive(path, reading)),
  };
}

export function foundCifar10Folder(found: Cifar10Folder): FoundDataset {
  const names = found.fileNames.filter((name) => cifar10Role(name) !== undefined || isCifar10Meta(name));
  return {
    path: found.folder,
    inspect: async () => inspectionOf(await statFiles(found.folder, names)),
    read: async (reading) => describe(await openCifar10Folder(found, reading)),
  };
}

function describe({ dataset, batches, classNames }: Cifar10): DatasetContent {
  const surveys = classNames.map((_, label) => batches.map(({ classes }) => classes[label]!));
  const classes = classNames.map((name, label) => ({ name, images: surveys[label]!.reduce((sum, { count }) => sum + count, 0) }));
  const samples = surveys.map((ofClass) => ofClass.flatMap((survey) => survey.samples));
  return {
    about: { ...aboutImages(dataset), images: classes.reduce((sum, { images }) => sum + images, 0), channels: 3, classes, licence },
    groups: classNames.map((name, label) => {
      const ofClass = samples[label]!;
      return { name, count: ofClass.length, sample: (index) => (side) => cifar10Cell(ofClass[index]!, side) };
    }),
    measure: () => measureGrey([...dataset.training, ...dataset.evaluation]),
  };
}
