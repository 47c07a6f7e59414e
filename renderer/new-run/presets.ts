/** Published settings in a form: what they put into its fields, and how the command line says them. */
import type { ExperimentDescription, NamedPreset } from '../../core/contract/api/experiments.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import { trainCommand, type TrainRequest } from '../../core/contract/train-command.ts';
import { presetOf } from '../parameters-of.ts';
import { isPublished, plain, type Field } from './fields.ts';

/** What a preset decides, as texts by the fields' keys; seeds, data and devices are not its business. */
export function textsOf({ variant, episodes, batch, parameters }: RunSpec): Record<string, string> {
  const texts = Object.entries(parameters).map(([key, value]) => [key, plain(value)] as const);
  return { variant, episodes: String(episodes), batch: String(batch), ...Object.fromEntries(texts) };
}

export interface PapersValue {
  readonly value: string;
  readonly source: string;
}

/**
 * The value that the paper, or its authors' code, has in a field: in what a published preset says otherwise than the experiment's defaults,
 * the preset's. How often a run is looked at is nobody's but ours.
 */
export function papersValue(
  field: Field,
  { preset: usual }: ExperimentDescription,
  preset: NamedPreset | undefined,
): PapersValue | undefined {
  const own = preset?.spec.parameters[field.key];
  const isOwn = own !== undefined && own !== usual.parameters[field.key] && field.group !== 'run';
  if (preset !== undefined && isOwn && isPublished(preset.source)) return { value: plain(own), source: preset.source };
  return field.paper === undefined ? undefined : { value: field.paper, source: field.source };
}

/** The preset by its name, then what differs from it. */
export function commandOf(request: TrainRequest, experiment: ExperimentDescription, preset: NamedPreset | undefined): string {
  const command = trainCommand(request, presetOf(experiment, request.spec.variant, preset?.spec));
  if (preset === undefined) return command;
  const words = `train ${request.spec.experiment}`;
  return command.replace(words, `${words} --preset ${preset.name}`);
}
