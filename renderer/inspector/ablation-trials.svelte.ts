/** What is tried with a run while somebody looks inside it: measured, turned through values, and kept with the run. */
import type { Ablation } from '../../core/contract/ablation.ts';
import type { ListedTried } from '../../core/contract/tried.ts';
import { host } from '../host.svelte.ts';
import { combine, heldBeside, nameChanges, type Change } from './ablation-changes.ts';
import { shownFrom, type Shown } from './shown-from.ts';

/** In which network, and from where episodes are drawn. */
export interface TrialPlace extends Required<Shown> {
  readonly file: string;
  readonly iteration: number;
}

export interface Measured {
  readonly loss: number;
  readonly score: number;
}

export interface TrialResult extends Measured {
  readonly label: string;
  readonly ablation: Ablation;
}

export interface SweepPoint extends Measured {
  readonly value: number;
}

export interface Sweep {
  /** Where, as JSON. */
  readonly place: string;
  readonly kind: string;
  /** What was held meanwhile, in words. */
  readonly held: string;
  /** The same as `heldBeside` gives it. */
  readonly beside: string | undefined;
  readonly points: readonly SweepPoint[];
  readonly isOver: boolean;
}

/** Episodes that every result is a mean over. */
export const trialEpisodes = 20;
export const unchanged = 'nothing';

export class Trials {
  #sweep = $state.raw<Sweep | undefined>();
  kept = $state.raw<readonly ListedTried[]>([]);
  isBusy = $state(false);

  readonly run: string;
  #results = $state.raw<Readonly<Record<string, readonly TrialResult[]>>>({});

  constructor(run: string) {
    this.run = run;
  }

  /** Those of a place; what was measured elsewhere compares with none of them. */
  resultsAt(place: TrialPlace): readonly TrialResult[] {
    return this.#results[JSON.stringify(place)] ?? [];
  }

  sweepAt(place: TrialPlace): Sweep | undefined {
    return this.#sweep?.place === JSON.stringify(place) ? this.#sweep : undefined;
  }

  /** With the changes, and without any where that is not known yet. @throws what the host met. */
  async measure(place: TrialPlace, changes: readonly Change[]): Promise<void> {
    await this.#work(async () => {
      const isKnown = this.resultsAt(place).some(({ label }) => label === unchanged);
      if (!isKnown) await this.#add(place, unchanged, {});
      if (changes.length > 0) await this.#add(place, nameChanges(changes), combine(changes));
    });
  }

  /** Turns one of the changes, with the others held. @throws what the host met; the points so far stay. */
  async turn(place: TrialPlace, changes: readonly Change[], at: number, values: readonly number[]): Promise<void> {
    const { kind } = changes[at]!;
    const others = changes.filter((_, index) => index !== at);
    const begun: Sweep = {
      place: JSON.stringify(place),
      kind,
      held: others.length === 0 ? '' : nameChanges(others),
      beside: heldBeside(kind, combine(changes)),
      points: [],
      isOver: false,
    };
    this.#sweep = begun;
    await this.#work(async () => {
      const points: SweepPoint[] = [];
      for (const value of values) {
        const turned = changes.with(at, { kind, text: String(value) });
        const { loss, score } = await this.#ask(place, combine(turned));
        points.push({ value, loss, score });
        this.#sweep = { ...begun, points: [...points], isOver: points.length === values.length };
      }
    });
  }

  async load(): Promise<void> {
    this.kept = await host.call((api) => api.inspector.tried.list({ run: this.run }));
  }

  /** A result under its own name, with the sweep of one of its changes where there is one. @param seed the episode that is looked at. */
  async keep(place: TrialPlace, { label, ablation, ...changed }: TrialResult, seed: number): Promise<void> {
    const usual = this.resultsAt(place).find((each) => each.label === unchanged) ?? changed;
    const sweep = this.sweepAt(place);
    const belongs = sweep?.isOver === true && sweep.beside !== undefined && heldBeside(sweep.kind, ablation) === sweep.beside;
    const { file, iteration } = place;
    const tried = {
      ...{ name: label.slice(0, 200), file, iteration, seed, ablation, episodes: trialEpisodes },
      ...{ changed: describe(changed), usual: describe(usual) },
      ...shownFrom(place),
      sweep: belongs ? { kind: sweep.kind, points: sweep.points.map((point) => ({ value: point.value, ...describe(point) })) } : null,
    };
    const kept = await host.call((api) => api.inspector.tried.keep({ run: this.run, tried }));
    this.kept = [...this.kept, kept];
  }

  async rename(id: number, name: string): Promise<void> {
    const renamed = await host.call((api) => api.inspector.tried.rename({ run: this.run, id, name }));
    this.kept = this.kept.map((each) => (each.id === id ? renamed : each));
  }

  async remove(id: number): Promise<void> {
    await host.call((api) => api.inspector.tried.remove({ run: this.run, id }));
    this.kept = this.kept.filter((each) => each.id !== id);
  }

  async #add(place: TrialPlace, label: string, ablation: Ablation): Promise<void> {
    const { loss, score } = await this.#ask(place, ablation);
    const others = this.resultsAt(place).filter((each) => each.label !== label);
    this.#results = { ...this.#results, [JSON.stringify(place)]: [...others, { label, ablation, loss, score }] };
  }

  #ask(place: TrialPlace, ablation: Ablation) {
    const question = { run: this.run, file: place.file, ...shownFrom(place) };
    return host.call((api) => api.inspector.score({ ...question, ablation, episodes: trialEpisodes }));
  }

  async #work(work: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    try {
      await work();
    } finally {
      this.isBusy = false;
    }
  }
}

function describe({ loss, score }: Measured) {
  const known = (value: number) => (Number.isFinite(value) ? value : null);
  return { loss: known(loss), score: known(score) };
}
