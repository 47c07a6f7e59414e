/** Which episodes somebody can look at beside held-out ones, by what the network has to do. */
import type { OwnEpisode } from '../../core/contract/own-episode.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';

export const ownKinds = ['held-out', 'training', 'bits', 'images', 'maze'] as const;
export type OwnKind = (typeof ownKinds)[number];

const words: Readonly<Record<OwnKind, string>> = {
  'held-out': 'held-out',
  training: 'of training',
  bits: 'own patterns',
  images: 'own images',
  maze: 'own maze',
};

const byExperiment: Readonly<Record<string, readonly OwnKind[]>> = {
  images: ['held-out', 'training', 'images'],
  binary: ['held-out', 'bits'],
  omniglot: ['held-out', 'training'],
  maze: ['held-out', 'maze'],
};

/** One alone where there is nothing to choose. */
export function kindsFor({ experiment, extensions }: Pick<RunSpec, 'experiment' | 'extensions'>): { value: OwnKind; label: string }[] {
  const kinds = extensions === undefined ? (byExperiment[experiment] ?? ['held-out']) : (['held-out'] as const);
  return kinds.map((value) => ({ value, label: words[value] }));
}

/** @param run what shows such an episode. */
export function kindOf(own: OwnEpisode | undefined, { experiment }: Pick<RunSpec, 'experiment'>): OwnKind {
  if (own === undefined) return 'held-out';
  return own.kind === 'patterns' ? (experiment === 'images' ? 'images' : 'bits') : own.kind;
}

/** In the middle of a sentence: what many of them are. */
export function sayKinds(own: OwnEpisode | undefined): string {
  if (own === undefined) return 'held-out episodes';
  return own.kind === 'training'
    ? 'episodes of training'
    : own.kind === 'maze'
      ? 'episodes in one’s own maze'
      : 'episodes of one’s own patterns';
}

export function sayKind(kind: OwnKind, seed: number): string {
  return kind === 'held-out'
    ? `held-out episode ${seed}`
    : kind === 'training'
      ? `episode ${seed} of training`
      : `${words[kind]}, order ${seed}`;
}
