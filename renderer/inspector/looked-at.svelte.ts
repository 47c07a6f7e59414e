/** What somebody looks at inside a run. It stands in the page's address, so that a link opens the same view again. */
import type { OwnEpisode } from '../../core/contract/own-episode.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import type { ListedTried } from '../../core/contract/tried.ts';
import { readChanges, writeChanges } from './ablation-changes.ts';
import { mostColumns } from './gallery-rows.ts';
import type { Place } from './limits.ts';
import { readOwn, writeOwn } from './own-address.ts';
import { kindOf, ownKinds, type OwnKind } from './own-kinds.ts';
import { readView, writeView } from './panels.ts';
import { readPins, writePins } from './pins.ts';

export class LookedAt {
  seed = $state(0);
  /** A checkpoint's; empty: the newest. */
  file = $state('');
  changes = $state.raw(readChanges(null));
  step = $state(1);
  place = $state.raw<Place | undefined>();
  pins = $state.raw(readPins(null));
  beside = $state('');
  dataset = $state('');
  weights = $state('');
  ownKind = $state<OwnKind>('held-out');
  /** What was painted, dropped or set. */
  given = $state.raw<OwnEpisode | undefined>();
  /** Those beside it in the gallery. */
  others = $state.raw<readonly string[]>([]);
  order = $state('worst 0');
  isLocked = $state(true);
  view = $state.raw(readView(null));
  /** Counts what was given from elsewhere than by the hand that paints it. */
  opened = $state(0);

  constructor(query: URLSearchParams) {
    const text = (name: string) => query.get(name) ?? '';
    const number = (name: string, otherwise: number) => {
      const value = query.get(name);
      return value === null || !Number.isFinite(Number(value)) ? otherwise : Number(value);
    };
    this.seed = number('episode', 0);
    this.file = text('checkpoint');
    this.changes = readChanges(query.get('changed'));
    this.step = number('step', 1);
    this.place = query.has('synapse') ? { i: Math.max(0, number('synapse', 0)), j: Math.max(0, number('post', 0)) } : undefined;
    this.pins = readPins(query.get('pins'));
    this.beside = text('beside');
    this.dataset = text('from');
    this.weights = text('weights');
    this.ownKind = ownKinds.find((each) => each === query.get('own')) ?? 'held-out';
    this.given = readOwn(query.get('given'));
    this.others = text('gallery')
      .split(',')
      .filter((part) => part !== '')
      .slice(0, mostColumns - 1);
    this.order = query.get('order') ?? 'worst 0';
    this.isLocked = query.get('limits') !== 'free';
    this.view = readView(query.get('part'));
  }

  readonly ownEpisode = $derived(
    this.ownKind === 'held-out' ? undefined : this.ownKind === 'training' ? ({ kind: 'training' } as const) : this.given,
  );

  readonly address = $derived({
    episode: this.seed === 0 ? null : String(this.seed),
    checkpoint: this.file,
    changed: writeChanges(this.changes),
    step: this.step === 1 ? null : String(this.step),
    synapse: this.place === undefined ? null : String(this.place.i),
    post: this.place === undefined ? null : String(this.place.j),
    pins: writePins(this.pins),
    beside: this.beside,
    from: this.dataset,
    weights: this.weights,
    own: this.ownKind === 'held-out' ? null : this.ownKind,
    given: writeOwn(this.given),
    gallery: this.others.join(','),
    order: this.order === 'worst 0' ? null : this.order,
    limits: this.isLocked ? null : 'free',
    part: writeView(this.view),
  });

  chooseKind(next: string): void {
    this.given = undefined;
    this.ownKind = ownKinds.find((each) => each === next) ?? 'held-out';
  }

  /** The episode in which something was tried before. */
  openTried({ file, seed, dataset, weights, ownEpisode }: ListedTried, spec: Pick<RunSpec, 'experiment'>): void {
    [this.file, this.seed, this.dataset, this.weights] = [file, seed, dataset ?? '', weights ?? ''];
    this.ownKind = kindOf(ownEpisode, spec);
    this.given = ownEpisode;
    this.opened++;
  }
}
