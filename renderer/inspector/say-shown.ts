/** What an open episode shows, in words: of what was asked when it was computed, which may not be what is asked now. */
import type { RunDetails } from '../../core/contract/api/runs.ts';
import { formatCount } from '../format.ts';
import { changesOf, nameChanges } from './ablation-changes.ts';
import type { OpenEpisode, Wanted } from './inspection.svelte.ts';
import { kindOf, sayKind } from './own-kinds.ts';

type Shown = Pick<OpenEpisode, 'asked' | 'iteration' | 'seed' | 'steps' | 'labels'>;

/** Empty where nothing is changed. */
export function sayChanged({ ablation }: Pick<Wanted, 'ablation'>): string {
  const changes = changesOf(ablation);
  return changes.length === 0 ? '' : nameChanges(changes);
}

/** `after 300 episodes · held-out episode 4 · step 7 of 30 · image 2 · another eta 0.1`. @param step none: of the episode as a whole. */
export function sayShown(
  { asked, ...episode }: Shown,
  { checkpoints, spec }: Pick<RunDetails, 'checkpoints' | 'spec'>,
  step?: number,
): string {
  const after = checkpoints.find(({ iteration }) => iteration === episode.iteration);
  const parts = [
    after === undefined ? '' : `after ${formatCount(after.episodes)} episodes`,
    sayKind(kindOf(asked.ownEpisode, spec), episode.seed),
    ...(step === undefined ? [] : [`step ${step} of ${episode.steps}`, episode.labels[step - 1] ?? '']),
    sayChanged(asked),
    asked.weights === undefined ? '' : 'own weights',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
