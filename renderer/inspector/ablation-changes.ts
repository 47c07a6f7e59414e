/** A list of changes, as a person sets them up: put together, named, written into an address, and read back. */
import type { Ablation } from '../../core/contract/ablation.ts';
import { knobs, type Knob } from './ablations.ts';

export interface Change {
  /** Of its knob. */
  readonly kind: string;
  /** What stands in its field. */
  readonly text: string;
}

export function knobOf({ kind }: Change): Knob | undefined {
  return knobs.find((knob) => knob.kind === kind);
}

/** Why this change cannot be made, in words. */
export function problemOf(change: Change): string | undefined {
  const knob = knobOf(change);
  return knob === undefined ? `there is no change called "${change.kind}"` : knob.problem(change.text);
}

/** All of them at once, in their order; those with a problem are left out. */
export function combine(changes: readonly Change[]): Ablation {
  return changes
    .filter((change) => problemOf(change) === undefined)
    .map((change) => knobOf(change)!.apply(change.text))
    .reduce<Ablation>(merge, {});
}

function merge(before: Ablation, { alpha, parameters, noise, ...rest }: Ablation): Ablation {
  return {
    ...before,
    ...rest,
    ...(alpha === undefined ? {} : { alpha: [...(before.alpha ?? []), ...alpha] }),
    ...(parameters === undefined ? {} : { parameters: { ...before.parameters, ...parameters } }),
    // The seed that was chosen counts, whichever of them came last.
    ...(noise === undefined ? {} : { noise: { ...before.noise, ...noise, seed: noise.seed || (before.noise?.seed ?? 0) } }),
  };
}

/** What makes an ablation; those of alpha stand first, in their order. */
export function changesOf(ablation: Ablation): Change[] {
  const order = (ablation.alpha ?? []).map(({ kind }) => `alpha-${kind}`);
  const placeOf = (kind: string) => (order.includes(kind) ? order.indexOf(kind) : order.length);
  return knobs
    .flatMap((knob): Change[] => {
      const text = knob.read(ablation);
      return text === undefined ? [] : [{ kind: knob.kind, text }];
    })
    .sort((a, b) => placeOf(a.kind) - placeOf(b.kind));
}

/** What is held while one of an ablation's changes is turned, and where that one stands among them; undefined where it is not in it. */
export function heldBeside(kind: string, ablation: Ablation): string | undefined {
  const changes = changesOf(ablation);
  if (!changes.some((change) => change.kind === kind)) return undefined;
  return JSON.stringify(changes.map((change) => (change.kind === kind ? { kind, text: '' } : change)));
}

/** `alpha thresholded 0.5, hebb = 0 at a step 12`. */
export function nameChanges(changes: readonly Change[]): string {
  if (changes.length === 0) return 'nothing';
  return changes.map((change) => [knobOf(change)?.label ?? change.kind, change.text].filter((part) => part !== '').join(' ')).join(', ');
}

/** `alpha-thresholded:0.5,presentations:1 3 3`; null without changes. */
export function writeChanges(changes: readonly Change[]): string | null {
  return changes.length === 0 ? null : changes.map(({ kind, text }) => `${kind}:${text.replaceAll(/[\s,:]+/g, ' ')}`).join(',');
}

/** Changes that nobody knows are left out, and so is a second one of the same kind. */
export function readChanges(text: string | null): Change[] {
  const found = (text ?? '').split(',').map((part): Change => {
    const [kind = '', ...rest] = part.split(':');
    return { kind, text: rest.join(':') };
  });
  return found.filter((change, at) => knobOf(change) !== undefined && found.findIndex(({ kind }) => kind === change.kind) === at);
}
