/** Options as text: what several commands take, and how it is read. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../../core/contract/errors.ts';
import { backendChoices, precisionNames, runLimits, type RunSpec } from '../../core/contract/run-spec.ts';
import { createRunSpec } from '../../core/experiments/create-run-spec.ts';
import { parseNumber } from '../../core/experiments/parameter.ts';

export interface SpecOptions {
  readonly variant?: string;
  readonly episodes?: string;
  readonly batch?: string;
  readonly seed?: string;
  readonly backend?: string;
  readonly device?: string;
  readonly precision?: string;
  readonly dataset?: string;
  readonly set?: readonly string[];
}

/** Adds the options that make a run spec. */
export function addSpecOptions(command: Command): Command {
  return command
    .option('--variant <NAME>', "one of the experiment's variants")
    .option('--episodes <N>', 'training episodes')
    .option('--batch <N>', `episodes an iteration, at most ${runLimits.batch}`)
    .option('--seed <N>', 'the same seed gives the same run (default: 1)')
    .option('--backend <NAME>', `${backendChoices.join(', ')} (default: auto, the fastest that works)`)
    .option('--device <NAME>', 'one of the devices that "doctor" lists')
    .option('--precision <NAME>', `${precisionNames.join(' or ')} (default: float32)`)
    .option('--dataset <PATH>', 'CIFAR-10 (binary or Python version) or a folder of images (default: photographs that come along)')
    .option('--set <NAME=VALUE>', 'a parameter of the experiment; may be repeated', (value, all: readonly string[]) => [...all, value], []);
}

/** @throws InputError as `createRunSpec`. */
export function readSpec(experiment: string, options: SpecOptions): RunSpec {
  const { variant, backend, device, precision, dataset } = options;
  return createRunSpec({
    experiment,
    variant,
    episodes: readCountOption('--episodes', options.episodes, 1, runLimits.episodes),
    batch: readCountOption('--batch', options.batch, 1, runLimits.batch),
    seed: readCountOption('--seed', options.seed, 0, runLimits.seed),
    backend,
    device: device === undefined ? undefined : readText('--device', device),
    precision,
    dataset: dataset === undefined ? undefined : resolveUserPath(readText('--dataset', dataset)),
    settings: readSettings(options.set ?? []),
  });
}

/** @throws InputError `out-of-range`. */
export function readCountOption(name: string, text: string | undefined, minimum: number, maximum: number): number | undefined {
  if (text === undefined) return undefined;
  const number = parseNumber(text);
  if (number !== undefined && Number.isSafeInteger(number) && number >= minimum && number <= maximum) return number;
  throw new InputError('out-of-range', `${name} must be a whole number from ${minimum} to ${maximum}, not "${text}"`);
}

/** npm runs scripts in the package's folder; a path means the one where the user stands. */
export function resolveUserPath(path: string): string {
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env;
  return resolve(script === 'start' && folder !== undefined ? folder : process.cwd(), path);
}

function readText(name: string, text: string): string {
  if (text !== '') return text;
  throw new InputError('empty-option', `${name} must not be empty`);
}

function readSettings(settings: readonly string[]): Record<string, string> {
  const entries = settings.map((setting) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
    if (name !== undefined && value !== undefined) return [name.trim(), value.trim()] as const;
    throw new InputError('setting-invalid', `--set takes NAME=VALUE, as in --set learningRate=1e-4, not "${setting}"`);
  });
  return Object.fromEntries(entries);
}
