/** Gives new runs what of the user's they name: the code as it is now. */
import type { ParameterValue, RunSpec } from '../../../core/contract/run-spec.ts';
import { withExtensions } from '../../../core/experiments/create-run-spec.ts';
import { findUsedExtensions, ownNames } from '../../../core/experiments/extended.ts';
import { chooseExtensions, type ExtensionLister } from '../../extensions/list-extensions.ts';

type Names = Pick<RunSpec, 'experiment' | 'variant' | 'parameters'>;

/**
 * Anything else than an object with the names of a spec stays as it is, for whoever checks it.
 * @throws InputError `extension-broken`.
 */
export async function completeSpec<Spec extends Readonly<Record<string, unknown>>>(extensions: ExtensionLister, spec: Spec): Promise<Spec> {
  if (!hasNames(spec)) return spec;
  const own = ownNames(spec);
  return withExtensions(spec, own.length === 0 ? [] : chooseExtensions(await extensions.list(), own)) as unknown as Spec;
}

/** The same for changes of `spec`, where null leaves a field out. */
export async function completeChanges(
  extensions: ExtensionLister,
  spec: RunSpec,
  changes: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const { parameters = {}, rule, ...fields } = changes;
  const given = { ...spec.parameters, ...(parameters as Record<string, ParameterValue>), ...(rule === undefined ? {} : { rule }) };
  const changed = { ...spec, ...fields, parameters: given };
  const own = hasNames(changed) ? ownNames(changed) : [];
  if (own.length === 0 || !hasNames(changed)) return { ...changes, extensions: null };
  const used = findUsedExtensions(changed, chooseExtensions(await extensions.list(), own));
  return { ...changes, extensions: used.length === 0 ? null : used };
}

function hasNames(spec: Readonly<Record<string, unknown>>): spec is Readonly<Record<string, unknown>> & RunSpec & Names {
  const { experiment, variant, parameters } = spec;
  return typeof experiment === 'string' && typeof variant === 'string' && typeof parameters === 'object' && parameters !== null;
}
