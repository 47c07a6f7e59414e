/** Holds the derivatives of a rule of the user's against central differences. */
import { InputError } from '../contract/errors.ts';
import type { ExtensionOf } from '../contract/extension.ts';
import { readParameters } from '../experiments/read-parameters.ts';
import type { RuleDerivatives } from '../plasticity/connection-rule.ts';
import { createRandom } from '../random.ts';
import { bindRule } from './bind-rule.ts';
import type { RuleExtension } from './extension.ts';

const trials = 40;
const step = 1e-5;
const tolerance = 1e-5;
const names = ['trace', 'before', 'now', 'eta'] as const;

/** @throws InputError `extension-invalid` naming the derivative, the place and both values; what the file itself throws. */
export function tryRule(extension: RuleExtension, { parameters = {} }: Pick<ExtensionOf<'rule'>, 'parameters'>): void {
  const rule = bindRule(extension, readParameters(parameters, {}));
  const random = createRandom(1, 'trial');
  for (let trial = 0; trial < trials; trial++) {
    const place = {
      trace: random.normal() / 2,
      before: 2 * random.uniform() - 1,
      now: 2 * random.uniform() - 1,
      eta: random.uniform() / 2,
    };
    const next = (at: typeof place) => {
      const value = rule.next(at.trace, at.before, at.now, at.eta);
      if (!Number.isFinite(value)) refuse(`next must return a number, not ${String(value)}, for ${describe(at)}`);
      return value;
    };
    next(place);
    const byHand: RuleDerivatives = { trace: NaN, before: NaN, now: NaN, eta: NaN };
    rule.derivatives(place.trace, place.before, place.now, place.eta, byHand);
    for (const name of names) {
      const [above, below] = [next({ ...place, [name]: place[name] + step }), next({ ...place, [name]: place[name] - step })];
      const middle = next(place);
      const difference = (above - below) / (2 * step);
      // At a corner, such as a limit's, the two sides differ and there is nothing to compare.
      const isCorner = Math.abs(above - middle - (middle - below)) > step * 1e-3;
      if (isCorner || Math.abs(byHand[name] - difference) <= tolerance * Math.max(1, Math.abs(difference))) continue;
      const both = `${byHand[name].toPrecision(6)}, where central differences give ${difference.toPrecision(6)}`;
      refuse(`the derivative by ${name} is ${both}, for ${describe(place)}`);
    }
  }
}

function describe(place: Readonly<Record<(typeof names)[number], number>>): string {
  return names.map((name) => `${name} ${place[name].toPrecision(4)}`).join(', ');
}

function refuse(rule: string): never {
  throw new InputError('extension-invalid', rule);
}
