/** The run that a page is about: what the host knows of it, kept up to date, and its curves as they grow. */
import { untrack } from 'svelte';
import type { RunDetails, RunSummary, RunUpdate } from '../../core/contract/api/runs.ts';
import { InputError } from '../../core/contract/errors.ts';
import { CurveSource } from '../charts/curve-source.svelte.ts';
import { follow, host } from '../host.svelte.ts';
import { lab } from '../lab.svelte.ts';

/** Details are asked for again at most this often while a run tells of happenings. */
const detailsEveryMs = 400;
const live: readonly RunSummary['status'][] = ['queued', 'running'];

export class OpenRun {
  readonly curves = new CurveSource();
  details = $state.raw<RunDetails | undefined>();
  /** Why there is nothing to show, or nothing new any more. */
  problem = $state.raw<Error | undefined>();

  readonly #argument: string;
  readonly #leave = new AbortController();
  /** Of the stream, where it goes on; undefined before the first one. */
  #position: number | undefined;
  #isFollowing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(argument: string) {
    this.#argument = argument;
  }

  get isLive(): boolean {
    return this.details !== undefined && live.includes(this.details.status);
  }

  /** To be called once, while a component is set up. */
  start(): () => void {
    const leaveLab = lab.onChange((runs, removed) => {
      const summary = runs.find(({ id }) => id === this.details?.id);
      if (summary !== undefined) this.take(summary);
      if (this.details !== undefined && removed.includes(this.details.id)) {
        this.problem = new InputError('unknown-run', 'This run was deleted for good.');
      }
    });
    // Again for each connection.
    $effect(() => {
      if (host.epoch > 0) untrack(() => void this.load());
    });
    return () => {
      leaveLab();
      this.#leave.abort();
      clearTimeout(this.#timer);
      this.curves.close();
    };
  }

  async load(): Promise<void> {
    const isAgain = this.details !== undefined;
    try {
      this.details = await host.call((api) => api.runs.get({ run: this.#argument }));
      this.problem = undefined;
      if (isAgain) this.curves.reload();
      this.#follow();
    } catch (error) {
      if (!isAgain || error instanceof InputError) this.problem = error as Error;
    }
  }

  /** What a call has answered, before the host tells everybody. */
  take(summary: RunSummary): void {
    const before = this.details;
    if (before === undefined) return;
    this.details = { ...before, ...summary };
    // No stream tells of a run at rest; an evaluation, for one, shows only in the details.
    if (summary.status !== before.status || !this.isLive) this.#refresh();
    this.#follow();
  }

  /** The stream of a run ends with it, and begins again when it goes on. */
  #follow(): void {
    const { details } = this;
    if (this.#isFollowing || details === undefined || !live.includes(details.status)) return;
    this.#isFollowing = true;
    const run = details.id;
    void follow(
      (api, signal) => api.runs.watch({ run, ...(this.#position === undefined ? {} : { after: this.#position }) }, { signal }),
      (update) => this.#hear(run, update),
      this.#leave.signal,
    )
      .catch(() => {
        // The run is gone; the page says so.
      })
      .finally(() => (this.#isFollowing = false));
  }

  #hear(run: string, { position, records, run: summary }: RunUpdate): void {
    this.#position = position;
    if (records.some(({ type }) => type === 'rewind')) this.curves.reload([run]);
    this.curves.add(
      run,
      records.filter((record) => record.type === 'metrics'),
    );
    if (records.some(({ type }) => type !== 'metrics') || this.details?.metrics.length === 0) this.#refresh();
    if (summary !== undefined && this.details !== undefined) this.details = { ...this.details, ...summary };
  }

  /** What only the details say: checkpoints, evaluations, happenings. */
  #refresh(): void {
    this.#timer ??= setTimeout(async () => {
      try {
        this.details = await host.call((api) => api.runs.get({ run: this.#argument }));
      } catch {
        // The next connection brings them.
      }
      this.#timer = undefined;
    }, detailsEveryMs);
  }
}
