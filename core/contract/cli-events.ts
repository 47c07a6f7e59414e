/**
 * What the command line prints with `--json`: one of these objects a line, and nothing else. Those with a loss also hold the experiment's score under
 * its own name: `relativeError`, `wrongBits`, ….
 */
import type { Verdict } from './verdict.ts';
import type { BackendName, RunSpec } from './run-spec.ts';

export type CliEvent =
  | {
      readonly event: 'start';
      readonly run: string;
      readonly folder: string;
      readonly backend: BackendName;
      readonly device: string;
      readonly spec: RunSpec;
    }
  | {
      readonly event: 'metrics';
      readonly iteration: number;
      readonly episodes: number;
      readonly loss: number;
      readonly episodesPerSecond: number;
    }
  | {
      readonly event: 'done';
      readonly run: string;
      readonly folder: string;
      readonly episodes: number;
      /** Means over the last 300 training episodes. */
      readonly loss: number;
      readonly seconds: number;
      readonly episodesPerSecond: number;
      readonly peakRssBytes: number;
      /** How it stands to what was expected. */
      readonly verdict?: Verdict['kind'];
    }
  | {
      readonly event: 'evaluation';
      readonly run: string;
      /** The iteration whose checkpoint was evaluated. */
      readonly iteration: number;
      /** Held-out episodes. */
      readonly episodes: number;
      readonly loss: number;
      /** Of the score at 95 %, where each episode is right or wrong. */
      readonly interval?: readonly [low: number, high: number];
    }
  | {
      readonly event: 'export';
      readonly run: string;
      readonly iteration: number;
      readonly folder: string;
      readonly files: readonly string[];
    }
  /** With `--detach`: the run waits for its turn, or has begun. */
  | { readonly event: 'queued'; readonly run: string }
  /** Files of one or more runs that the lab host wrote: metrics, arrays, archives. */
  | { readonly event: 'exported'; readonly runs: readonly string[]; readonly files: readonly string[] }
  | { readonly event: 'imported'; readonly run: string }
  /** `putAside`: the files of the databases as they were before. */
  | { readonly event: 'rebuilt'; readonly putAside: readonly string[] }
  | { readonly event: 'error'; readonly code: string; readonly message: string };
