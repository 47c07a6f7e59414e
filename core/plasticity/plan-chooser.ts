/**
 * The choice of an episode's form, made once for protocols of the same make. Which form the first of them ranks first depends on that one, and every
 * form rounds differently: what is to be continued exactly takes its choices along.
 */
import { InputError } from '../contract/errors.ts';
import { rankForms, type EpisodeKind } from './cost.ts';
import { createPlan, type Plan, type PlanOptions } from './plan.ts';
import { isFullyClamped, type Protocol } from './protocol.ts';

export interface PlanChooser {
  /** The plan in the form that should be fastest. */
  choose(protocol: Protocol, kind: EpisodeKind): Plan;
  /** As JSON holds it. */
  capture(): unknown;
  /** @throws InputError `checkpoint-mismatch`; nothing is changed then. */
  restore(saved: unknown): void;
}

export function createPlanChooser(): PlanChooser {
  let chosen = new Map<string, PlanOptions>();
  return {
    choose: (protocol, kind) => {
      const make = makeOf(protocol, kind);
      const options = chosen.get(make) ?? rankForms(protocol, kind)[0]!.options;
      chosen.set(make, options);
      return createPlan(protocol, options);
    },
    // JSON has no infinite numbers.
    capture: () =>
      Object.fromEntries(
        [...chosen].map(([make, options]) => [
          make,
          { ...options, chunkLength: Number.isFinite(options.chunkLength) ? options.chunkLength : null },
        ]),
      ),
    restore: (saved) => {
      chosen = new Map(Object.entries(saved ?? {}).map(([make, options]) => [make, readOptions(options)]));
    },
  };
}

function makeOf({ neurons, givens, steps, clearedAt }: Protocol, { batch, alphaKind, rule }: EpisodeKind): string {
  const computing = steps.filter((step) => !isFullyClamped(step)).length;
  return [neurons, givens, steps.length, computing, batch, alphaKind, rule, clearedAt].join();
}

function readOptions(saved: unknown): PlanOptions {
  const { chunkLength, keepProducts, mixTerms } = (saved ?? {}) as Partial<Record<keyof PlanOptions, unknown>>;
  const isLength = chunkLength === null || (typeof chunkLength === 'number' && chunkLength >= 1);
  if (!isLength || typeof keepProducts !== 'boolean' || typeof mixTerms !== 'boolean')
    throw new InputError('checkpoint-mismatch', `the checkpoint names no form of an episode: ${JSON.stringify(saved)}`);
  return { chunkLength: chunkLength ?? Infinity, keepProducts, mixTerms };
}
