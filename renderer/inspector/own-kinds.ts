/** Which episodes somebody can look at beside held-out ones, by what the network has to do. */
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

/** Whether what is looked at would be the same when an address is opened again. */
export function standsInAddress(kind: OwnKind): boolean {
  return kind === 'held-out' || kind === 'training';
}

export function sayKind(kind: OwnKind, seed: number): string {
  return kind === 'held-out'
    ? `held-out episode ${seed}`
    : kind === 'training'
      ? `episode ${seed} of training`
      : `${words[kind]}, order ${seed}`;
}
