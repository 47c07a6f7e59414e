/** What every kind of episode says alike of changes that it cannot take. */
import { InputError } from '../contract/errors.ts';

/** @throws InputError `ablation-not-possible`. */
export function refuseAblation(why: string): never {
  throw new InputError('ablation-not-possible', why);
}

/** @throws InputError `ablation-not-possible`. @param steps how many there are. */
export function requireStep(step: number, steps: number): void {
  if (step > steps) refuseAblation(`the episode has ${steps} steps: its trace cannot be cleared at step ${step}`);
}

/** @param numbers from 1. @throws InputError `ablation-not-possible`. */
export function chooseByNumber<Part>(parts: readonly Part[], numbers: readonly number[]): Part[] {
  return numbers.map((number) => {
    const part = parts[number - 1];
    if (part === undefined) refuseAblation(`the episode has ${parts.length} presentations: there is no presentation ${number}`);
    return part;
  });
}
