/** What the picture of an experiment's held-out episodes shows, for those who do not see it. */
const shown: Readonly<Record<string, string>> = {
  images: 'A row an episode: the images that were shown, the degraded one, its reconstruction, and the error',
  binary: 'A row an episode: the patterns that were shown, the incomplete one, its completion, and the error',
  omniglot: 'Characters with the labels they were shown with, the one that is asked for, and how probable each label is to the network',
  maze: 'Mazes with the paths of some episodes, where they began, and where the reward was',
};

export function describePicture(experiment: string): string {
  return shown[experiment] ?? 'What the network does in some held-out episodes';
}
