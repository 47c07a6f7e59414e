/** New runs: their folders first, then their rows. A folder without a row is taken in at the next start; a row without a folder would be lost. */
import { mkdirSync, rmSync } from 'node:fs';
import { InputError } from '../../../core/contract/errors.ts';
import { suggestName } from '../../../core/contract/nearest-name.ts';
import { runSpecSchema, type ParameterValue, type RunSpec } from '../../../core/contract/run-spec.ts';
import { parseRunSpec, parseStoredSpec } from '../../../core/experiments/create-run-spec.ts';
import { experimentOf, inheritParameters } from '../../../core/experiments/index.ts';
import { prepareDataFolder, runsFolder } from '../../run-folder/data-folder.ts';
import { explainDiskError } from '../../run-folder/disk-space.ts';
import { createRunId } from '../../run-folder/run-id.ts';
import { writeSpecFile } from '../../run-folder/spec-file.ts';
import { syncFolderNow } from '../../run-folder/sync-folder.ts';
import { insertRuns, readRun, type RunRow } from '../store/runs.ts';
import type { QueueContext } from './context.ts';
import { lastPlace } from './places.ts';
import type { About } from './queue-types.ts';
import type { Slots } from './slots.ts';

/**
 * All of them or none.
 * @throws InputError as `parseRunSpec` and `checkRun`; FailureError `disk-full`.
 */
export async function createRuns(context: QueueContext, slots: Slots, specs: readonly RunSpec[], about: About): Promise<RunRow[]> {
  const runs = specs.map(parseRunSpec).map((spec) => ({ id: '', spec }));
  await checkRuns(context, slots, runs);
  prepareDataFolder(context.dataFolder);
  const made: string[] = [];
  try {
    for (const run of runs) {
      run.id = makeFolder(context, run.spec);
      made.push(run.id);
      await writeSpecFile(context.paths(run.id), run.spec);
    }
    // The rows outlive a power cut, and so must the folders that they name.
    syncFolderNow(runsFolder(context.dataFolder));
    const place = lastPlace(context);
    insertRuns(
      context.lab,
      runs.map(({ id, spec }, index) => ({
        ...about,
        id,
        spec,
        status: 'queued',
        slot: slots.slotOf(spec),
        createdAtMs: context.now(),
        queuePlace: place + index,
      })),
    );
  } catch (error) {
    for (const id of made) rmSync(context.paths(id).folder, { recursive: true, force: true });
    throw explainDiskError(error, context.dataFolder);
  }
  for (const id of made) context.changed(id);
  return made.map((id) => context.read(id));
}

/** Once for those that differ in their seeds alone. */
async function checkRuns({ checkRun }: QueueContext, slots: Slots, runs: readonly { readonly spec: RunSpec }[]): Promise<void> {
  const kinds = new Map(runs.map(({ spec }) => [JSON.stringify({ ...spec, seed: 0 }), spec]));
  for (const spec of kinds.values()) await checkRun?.(spec, slots.slotOf(spec));
}

/** Two runs of the same second may draw the same name: the folder decides. */
function makeFolder(context: QueueContext, spec: RunSpec): string {
  for (;;) {
    const id = createRunId(spec, new Date(context.now()));
    if (readRun(context.lab, id) !== undefined) continue;
    try {
      mkdirSync(context.paths(id).folder, { mode: 0o700 });
      return id;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

/**
 * `spec` with `changes`: fields of a spec, or parameters of its experiment, variant and rule by name; null leaves a field out. What only the variant or
 * the rule before had is left out with it.
 * @throws InputError `unknown-change`; as `parseRunSpec`.
 */
export function changeSpec(spec: RunSpec, changes: Readonly<Record<string, unknown>>): RunSpec {
  const fields = Object.keys(runSpecSchema.unwrap().shape);
  const { variant = spec.variant, extensions = spec.extensions, parameters: given } = changes as Partial<RunSpec>;
  const rule = (changes['rule'] ?? given?.['rule'] ?? spec.parameters['rule']) as ParameterValue | undefined;
  // null leaves them out.
  const now = { experiment: spec.experiment, variant, parameters: rule === undefined ? {} : { rule }, extensions: extensions ?? [] };
  const parameterNames = Object.keys(experimentOf(now).parameters);
  const changed: Record<string, unknown> = { ...spec };
  const parameters: Record<string, unknown> = inheritParameters(spec, { variant, rule }, now.extensions);
  for (const [name, value] of Object.entries(changes)) {
    if (name === 'parameters' && typeof value === 'object' && value !== null) Object.assign(parameters, value);
    else if (fields.includes(name)) changed[name] = value;
    else if (parameterNames.includes(name)) parameters[name] = value;
    else throw new InputError('unknown-change', `a run has no "${name}" to change: ${suggestName(name, [...fields, ...parameterNames])}`);
  }
  const entries = Object.entries<unknown>({ ...changed, parameters }).filter(([, value]) => value !== null);
  // What contradicts itself is refused when a run is made of it.
  return parseStoredSpec(Object.fromEntries(entries));
}
