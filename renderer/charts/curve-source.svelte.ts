/** Curves of runs as a page needs them: everything, and finer the part that is looked at; both grow with live runs. */
import type { CurveAxis } from '../../core/contract/api/curves.ts';
import type { JournalRecordOf } from '../../core/contract/journal-records.ts';
import { host } from '../host.svelte.ts';
import { createCurves, createRecent, curveKey } from './curve-maps.ts';
import { GrowingCurve, unpackCurve, type Curve } from './curve.ts';
import type { Extent } from './lines.ts';

export interface CurveWish {
  readonly runs: readonly string[];
  readonly names: readonly string[];
  readonly along: CurveAxis;
  /** Null: everything. */
  readonly range: Extent | null;
  readonly points: number;
  /** Also what lies between the least and the largest value. */
  readonly extremes: boolean;
  /** Iterations beyond the range that smoothing looks at. */
  readonly margin: number;
}

const zoomPatienceMs = 120;
/** A live curve with so many times the points it began with is asked for anew, in wider buckets. */
const mostGrowth = 3;
const mostRecent = 2000;

export class CurveSource {
  /** Grows whenever there is something new to draw. */
  version = $state(0);
  /** Whether the first answer is there. */
  isReady = $state(false);
  /** Why the latest question has no answer. */
  problem = $state.raw<Error | undefined>();

  #wish: CurveWish | undefined;
  #base = createCurves();
  #detail = createCurves();
  /** What `#detail` covers. */
  #reach: Extent | undefined;
  /** What live runs wrote lately: an answer that was on its way meanwhile may not have it. */
  readonly #recent = createRecent();
  #isReloading = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  #frame = 0;

  /** The curve that fits the range best; undefined where there is none. */
  get(run: string, name: string): Curve | undefined {
    const key = curveKey(run, name);
    return (this.#detail.get(key) ?? this.#base.get(key))?.curve;
  }

  /** Asks for what is new in the wish. */
  want(wish: CurveWish): void {
    const before = this.#wish;
    this.#wish = wish;
    const isSame = before?.runs.join() === wish.runs.join() && before.names.join() === wish.names.join() && before.along === wish.along;
    if (!isSame) {
      this.#detail.clear();
      if (before?.along !== wish.along) this.#base.clear();
      void this.#load('base');
    }
    if (wish.range === null) {
      clearTimeout(this.#timer);
      this.#detail.clear();
    } else if (before?.range !== wish.range || before.margin < wish.margin || !isSame) {
      clearTimeout(this.#timer);
      const { from, to } = wish.range;
      if (this.#reach !== undefined && (from < this.#reach.from || to > this.#reach.to)) this.#detail.clear();
      this.#timer = setTimeout(() => void this.#load('detail'), zoomPatienceMs);
    }
  }

  /** Everything anew: after the host was away, or when a run went back. */
  reload(runs?: readonly string[]): void {
    for (const run of runs ?? [...this.#recent.keys()]) this.#recent.delete(run);
    void this.#load('base', runs);
    if (this.#wish !== undefined && this.#wish.range !== null) void this.#load('detail', runs);
  }

  /** What a live run has written. */
  add(run: string, records: readonly JournalRecordOf<'metrics'>[]): void {
    const wish = this.#wish;
    if (wish === undefined || records.length === 0) return;
    const recent = (this.#recent.get(run) ?? []).concat(records);
    this.#recent.set(run, recent.length > 2 * mostRecent ? recent.slice(-mostRecent) : recent);
    let isTooLong = false;
    for (const name of wish.names) {
      const key = curveKey(run, name);
      const curve = this.#base.get(key);
      if (curve === undefined) {
        isTooLong ||= records.some(({ values }) => name in values);
        continue;
      }
      append(curve, records, name, wish.along);
      const detail = this.#detail.get(key);
      const reach = this.#reach;
      if (detail !== undefined && reach !== undefined) {
        append(
          detail,
          records.filter((record) => record[wish.along] <= reach.to),
          name,
          wish.along,
        );
      }
      isTooLong ||= curve.length > mostGrowth * wish.points;
    }
    if (isTooLong && !this.#isReloading) {
      this.#isReloading = true;
      void this.#load('base', [run]).finally(() => (this.#isReloading = false));
    }
    this.#tell();
  }

  close(): void {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#wish = undefined;
  }

  async #load(which: 'base' | 'detail', only?: readonly string[]): Promise<void> {
    const wish = this.#wish;
    if (wish === undefined || wish.runs.length === 0 || wish.names.length === 0) return;
    const { runs, names, along, range, points, extremes } = wish;
    const asked = ++this.#asked;
    try {
      const part = which === 'detail' && range !== null ? this.#widen(wish, range) : {};
      const query = { runs: [...(only ?? runs)], names: [...names], along, points, extremes, ...part };
      const packed = await host.call((api) => api.metrics.curves(query));
      const now = this.#wish;
      // The wish has changed meanwhile: a later answer counts.
      if (now?.along !== along || (only === undefined && which === 'detail' && now.range !== range)) return;
      const curves = createCurves(only === undefined ? [] : which === 'base' ? this.#base : this.#detail);
      for (const curve of packed) {
        const growing = new GrowingCurve(unpackCurve(curve));
        if (which === 'base') append(growing, this.#recent.get(curve.run) ?? [], curve.name, along);
        curves.set(curveKey(curve.run, curve.name), growing);
      }
      if (which === 'base') this.#base = curves;
      else [this.#detail, this.#reach] = [curves, { from: -Infinity, to: Infinity, ...part }];
      this.isReady = true;
      this.problem = undefined;
    } catch (error) {
      if (asked === this.#asked) this.problem = error as Error;
    }
    this.#tell();
  }

  /** The range with what smoothing looks at beyond it, by the density of what is known. */
  #widen({ runs, names, margin }: CurveWish, { from, to }: Extent): { from: number; to: number } {
    const known = this.#base.get(curveKey(runs[0]!, names[0]!))?.curve;
    const perIteration = known === undefined || known.last === 0 ? 1 : (known.x.at(-1) ?? 0) / known.last;
    const beyond = margin * perIteration;
    return { from: Math.max(0, from - beyond), to: to + beyond };
  }

  /** At most once a frame. */
  #tell(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.version++;
    });
  }
}

/** Iterations that are there already are left out. */
function append(curve: GrowingCurve, records: readonly JournalRecordOf<'metrics'>[], name: string, along: CurveAxis): void {
  for (const record of records) {
    const value = valueOf(record, name);
    if (value !== undefined) curve.add(record.iteration, record[along], value);
  }
}

function valueOf(record: JournalRecordOf<'metrics'>, name: string): number | undefined {
  if (name === 'episodesPerSecond' || name === 'rssBytes') return record[name];
  return record.values[name];
}
