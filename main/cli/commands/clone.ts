/** `clone RUN`: a new run like another one, but for what is changed. */
import type { Extension } from '../../../core/contract/extension.ts';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import { createRunSpec } from '../../../core/experiments/create-run-spec.ts';
import { inheritParameters } from '../../../core/experiments/index.ts';
import type { SetupCommand } from '../context.ts';
import { findExtensions } from '../find-extensions.ts';
import { addSpecOptions, detachOption, readSpecChanges, type SpecOptions } from '../options.ts';
import { runArgument, toRunArgument } from '../run-argument.ts';
import { showNewRuns } from '../train-and-follow.ts';

interface CloneOptions extends SpecOptions {
  readonly detach?: boolean;
}

export const setupClone: SetupCommand = (program, context) => {
  const command = program
    .command('clone')
    .description('train a new network as in another run, but for what you change')
    .argument('<run>', runArgument);
  addSpecOptions(command)
    .option(...detachOption)
    .action(async (argument: string, options: CloneOptions) => {
      const read = readSpecChanges(options);
      const original = toRunArgument(context, argument);
      const { api } = await context.connect();
      const { id, spec } = await api.runs.get({ run: original });
      const extensions = await findExtensions(context, spec.experiment, options);
      const run = await api.runs.clone({ run: id, changes: checkChanges(spec, read, extensions) });
      await showNewRuns(context, [run], options.detach === true);
    });
};

/** @throws InputError as `createRunSpec`: in terms of the options, with the nearest name. */
function checkChanges(
  spec: RunSpec,
  { settings, ...fields }: ReturnType<typeof readSpecChanges>,
  extensions: readonly Extension[],
): Record<string, unknown> {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const chosen = { variant: fields.variant ?? spec.variant, rule: settings['rule'] ?? spec.parameters['rule'] };
  const kept = inheritParameters(spec, chosen, extensions);
  const { parameters } = createRunSpec({ ...spec, ...given, settings: { ...kept, ...settings } }, extensions);
  return { ...given, ...Object.fromEntries(Object.keys(settings).map((name) => [name, parameters[name]])) };
}
