/** What all changes have in common for whoever chooses them: words, an entry that is checked, and what it makes of it. */
import type { Ablation } from '../../core/contract/ablation.ts';
import { agentExperiments, type RunSpec } from '../../core/contract/run-spec.ts';

/** What is on the screen when a change is chosen. */
export interface LookedAt {
  readonly step: number;
  /** Of the episode's blocks. */
  readonly starts: readonly number[];
  /** As many as the run's own episodes have. */
  readonly presentations: number;
}

/** What of a run's spec says what can be changed. */
export type Known = Pick<RunSpec, 'experiment' | 'variant' | 'parameters'>;

export interface Knob {
  readonly kind: string;
  readonly label: string;
  readonly meaning: string;
  readonly unit: string;
  /** What stands in its field at first; empty where there is none. */
  readonly start: (at: LookedAt) => string;
  /** For a sweep; empty where there is nothing to turn. */
  readonly values: (at: LookedAt) => readonly number[];
  readonly fits: (spec: Known) => boolean;
  readonly isList?: boolean;
  /** Why the entry cannot be taken, in words. */
  readonly problem: (text: string) => string | undefined;
  /** Of an entry without a problem. */
  readonly apply: (text: string) => Ablation;
  /** The entry that makes this of an ablation; undefined where it is not in it. */
  readonly read: (ablation: Ablation) => string | undefined;
}

type Entry = Pick<Knob, 'problem' | 'apply' | 'read'>;

export interface NumberRange {
  readonly minimum: number;
  readonly maximum: number;
  readonly isWhole?: boolean;
}

export function numberEntry(
  { minimum, maximum, isWhole = false }: NumberRange,
  apply: (value: number) => Ablation,
  read: (ablation: Ablation) => number | undefined,
): Entry {
  return {
    problem: (text) => {
      const value = Number(text);
      const isRight = text.trim() !== '' && value >= minimum && value <= maximum && (!isWhole || Number.isInteger(value));
      return isRight ? undefined : `a ${isWhole ? 'whole ' : ''}number from ${minimum} to ${maximum}, not "${text}"`;
    },
    apply: (text) => apply(Number(text)),
    read: (ablation) => {
      const value = read(ablation);
      return value === undefined ? undefined : String(value);
    },
  };
}

const mostNumbers = 1000;

export function listEntry(
  apply: (numbers: readonly number[]) => Ablation,
  read: (ablation: Ablation) => readonly number[] | undefined,
): Entry {
  const parts = (text: string) => text.split(/[\s,]+/).filter((part) => part !== '');
  return {
    problem: (text) => {
      const wrong = parts(text).find((part) => !/^[1-9]\d*$/.test(part));
      if (wrong !== undefined) return `whole numbers from 1 with spaces between, and "${wrong}" is none`;
      return parts(text).length > mostNumbers ? `at most ${mostNumbers} numbers` : undefined;
    },
    apply: (text) => apply(parts(text).map(Number)),
    read: (ablation) => read(ablation)?.join(' '),
  };
}

export const isPlastic = ({ variant }: Known) => variant !== 'non-plastic' && variant !== 'lstm';
export const isAgent = ({ experiment }: Known) => agentExperiments.includes(experiment);
export const isFewShot = ({ experiment }: Known) => experiment === 'omniglot';
