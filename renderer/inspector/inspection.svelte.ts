/** What somebody looks at inside a run: which checkpoint, which episode, with what changed; and what the host has computed for it. */
import { decodeSafetensors, type NamedArrays } from '../../core/files/safetensors.ts';
import type { Ablation } from '../../core/contract/ablation.ts';
import type { OwnEpisode } from '../../core/contract/own-episode.ts';
import type { InspectedEpisode } from '../../core/contract/api/inspector.ts';
import { createTraceFactors, type TraceFactors } from '../../core/inspection/trace-factors.ts';
import { host } from '../host.svelte.ts';

export interface Weights {
  /** Its file: the same name, the same content. */
  readonly key: string;
  readonly neurons: number;
  /** [N, N] as [pre, post]. */
  readonly w: Float32Array;
  /** Zero where nothing is plastic. */
  readonly alpha: Float32Array;
  /** [inputs, N], of an agent. */
  readonly input?: Float32Array;
}

export interface OpenEpisode extends InspectedEpisode {
  /** What it answers. */
  readonly asked: Wanted;
  readonly arrays: NamedArrays;
  readonly steps: number;
  /** [T, N], of networks whose activations follow each other. */
  readonly y: Float32Array | undefined;
  readonly neurons: number;
  readonly weights: string;
  readonly matrices: Weights | undefined;
  /** Of plastic recurrent networks. */
  readonly factors: TraceFactors | undefined;
}

export interface Wanted {
  readonly file?: string;
  readonly seed: number;
  readonly ablation: Ablation;
  /** A data set's name; the run's own without. */
  readonly dataset?: string;
  /** A file in place of the checkpoint's weights: its path. */
  readonly weights?: string;
  /** What is shown in place of the held-out episode. */
  readonly ownEpisode?: OwnEpisode;
}

export class Inspection {
  episode = $state.raw<OpenEpisode | undefined>();
  problem = $state.raw<Error | undefined>();
  isBusy = $state(false);

  readonly run: string;
  #asked = 0;
  #weights: Weights | undefined;

  constructor(run: string) {
    this.run = run;
  }

  /** The latest question counts: an answer that comes after another question is dropped. */
  async show(wanted: Wanted): Promise<void> {
    const asked = ++this.#asked;
    this.isBusy = true;
    try {
      const episode = await this.#open(wanted);
      if (asked !== this.#asked) return;
      this.episode = episode;
      this.problem = undefined;
    } catch (error) {
      if (asked === this.#asked) this.problem = error as Error;
    } finally {
      if (asked === this.#asked) this.isBusy = false;
    }
  }

  async #open(wanted: Wanted): Promise<OpenEpisode> {
    const found = await host.call((api) => api.inspector.episode({ run: this.run, ...wanted }));
    const [arrays, matrices] = await Promise.all([readArrays(found.file), this.#matrices(found.weights)]);
    const array = arrays['y'];
    const steps = found.labels.length;
    const neurons = array?.shape[1] ?? 0;
    const isRecurrent = array !== undefined && array.shape[0] === steps && matrices?.neurons === neurons;
    const y = array?.data as Float32Array | undefined;
    const { rule, eta, clearedAt } = found;
    const cleared = clearedAt === null ? {} : { clearedAt };
    const given = (name: 'modulators' | 'traces') => {
      const values = arrays[name]?.data as Float32Array | undefined;
      return values === undefined ? {} : { [name]: values };
    };
    const factors =
      rule !== null && isRecurrent && y !== undefined
        ? createTraceFactors({ rule, eta: eta ?? 0, steps, neurons, y, ...cleared, ...given('modulators'), ...given('traces') })
        : undefined;
    return { ...found, asked: wanted, arrays, steps, y, neurons, matrices: isRecurrent ? matrices : undefined, factors };
  }

  async #matrices(file: string): Promise<Weights | undefined> {
    if (this.#weights?.key === file) return this.#weights;
    const { w, alpha, input } = await readArrays(file);
    if (!(w?.data instanceof Float32Array) || w.shape.length !== 2 || w.shape[0] !== w.shape[1]) return undefined;
    const [neurons] = w.shape as [number, number];
    const coefficients = alpha?.data.length === w.data.length ? new Float32Array(alpha.data) : filled(w.data.length, alpha?.data[0] ?? 0);
    const outside = input?.data instanceof Float32Array ? { input: input.data } : {};
    return (this.#weights = { key: file, neurons, w: w.data, alpha: coefficients, ...outside });
  }
}

/** @param file below the lab's folder. */
export async function readArrays(file: string): Promise<NamedArrays> {
  const response = await fetch(`lab://lab/${file.split('/').map(encodeURIComponent).join('/')}`);
  if (!response.ok) throw new Error(`the arrays ${file} could not be read (${response.status})`);
  return decodeSafetensors(new Uint8Array(await response.arrayBuffer())).arrays;
}

function filled(length: number, value: number): Float32Array {
  return new Float32Array(length).fill(value);
}
