/** Published settings in a form: what they put into its fields, and how the command line says them. */
import type { ExperimentDescription, NamedPreset } from '../../core/contract/api/experiments.ts';
import { isPublished, type Origin } from '../../core/contract/origin.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import { trainCommand, type TrainRequest } from '../../core/contract/train-command.ts';
import { presetOf } from '../parameters-of.ts';
import { plain, type Field } from './fields.ts';

/** What a preset decides, as texts by the fields' keys; seeds, data and devices are not its business. */
export function textsOf({ variant, episodes, batch, parameters }: RunSpec): Record<string, string> {
  const texts = Object.entries(parameters).map(([key, value]) => [key, plain(value)] as const);
  return { variant, episodes: String(episodes), batch: String(batch), ...Object.fromEntries(texts) };
}

export interface PapersValue {
  readonly value: string;
  readonly source: string;
}

/** Where the value comes from with which a field was last filled: a preset says it of each value that it names itself. */
export function originOf(field: Field, preset: NamedPreset | undefined): Origin | undefined {
  return preset?.origins[field.key] ?? field.origin;
}

/**
 * The value that the paper, or its authors' code, has in a field. What a published preset names is theirs, or there is none of theirs; in all else, and
 * with presets of ours, it is the experiment's default.
 */
export function papersValue(field: Field, preset: NamedPreset | undefined): PapersValue | undefined {
  const own = preset?.origins[field.key];
  if (preset !== undefined && own !== undefined && isPublished({ source: preset.source })) {
    return isPublished(own) ? { value: plain(preset.spec.parameters[field.key]!), source: own.source } : undefined;
  }
  return field.paper === undefined || field.origin === undefined ? undefined : { value: field.paper, source: field.origin.source };
}

/** The preset by its name, then what differs from it. */
export function commandOf(request: TrainRequest, experiment: ExperimentDescription, preset: NamedPreset | undefined): string {
  const command = trainCommand(request, presetOf(experiment, request.spec, preset?.spec));
  if (preset === undefined) return command;
  const words = `train ${request.spec.experiment}`;
  return command.replace(words, `${words} --preset ${preset.name}`);
}
