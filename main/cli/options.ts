/** Options as text: what several commands take, and how it is read. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../../core/contract/errors.ts';
import type { Extension } from '../../core/contract/extension.ts';
import { backendChoices, precisionNames, runLimits, type RunSpec } from '../../core/contract/run-spec.ts';
import { createRunSpec } from '../../core/experiments/create-run-spec.ts';
import { parseNumber, parseNumberList } from '../../core/contract/numbers.ts';

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

export interface PresetOption {
  readonly preset?: string;
}

export const presetOption = ['--preset <NAME>', 'one of the settings that "experiments" lists (default: its own defaults)'] as const;

export const detachOption = ['--detach', 'queue it and return at once'] as const;

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
    .option(
      '--dataset <DATASET>',
      "a data set's name in the lab, or a path: CIFAR-10, a folder of images, or Omniglot, by experiment (default: what comes along)",
    )
    .option('--set <NAME=VALUE>', 'a parameter of the experiment; may be repeated', collect, []);
}

/** For options that may be repeated. */
export function collect(value: string, all: readonly string[]): readonly string[] {
  return [...all, value];
}

/** For options that may be repeated, or take several values with commas between them. */
export function collectList(value: string, all: readonly string[]): readonly string[] {
  return [...all, ...value.split(',').filter((word) => word !== '')];
}

/**
 * @param extensions what of the user's may be chosen.
 * @throws InputError as `createRunSpec`.
 */
export function readSpec(experiment: string, options: SpecOptions & PresetOption, extensions: readonly Extension[] = []): RunSpec {
  const { settings, ...fields } = readSpecChanges(options);
  return createRunSpec({ experiment, preset: options.preset, ...fields, settings }, extensions);
}

/**
 * What the options say of a spec, and nothing else.
 * @throws InputError `out-of-range`, `empty-option`, `setting-invalid`, `dataset-missing`.
 */
export function readSpecChanges(options: SpecOptions) {
  const { variant, backend, device, precision, dataset } = options;
  return {
    variant,
    episodes: readCountOption('--episodes', options.episodes, 1, runLimits.episodes),
    batch: readCountOption('--batch', options.batch, 1, runLimits.batch),
    seed: readCountOption('--seed', options.seed, 0, runLimits.seed),
    backend,
    device: device === undefined ? undefined : readText('--device', device),
    precision,
    dataset: dataset === undefined ? undefined : readDataset(readText('--dataset', dataset)),
    settings: readSettings(options.set ?? []),
  };
}

/** @throws InputError `out-of-range`. */
export function readCountOption(name: string, text: string | undefined, minimum: number, maximum: number): number | undefined {
  if (text === undefined) return undefined;
  const number = parseNumber(text);
  if (number !== undefined && Number.isSafeInteger(number) && number >= minimum && number <= maximum) return number;
  throw new InputError('out-of-range', `${name} must be a whole number from ${minimum} to ${maximum}, not "${text}"`);
}

/**
 * npm runs scripts in the package's folder; a path means the one where the user stands.
 * @throws InputError `empty-path`: what a variable that is not set leaves would name this very folder.
 */
export function resolveUserPath(path: string): string {
  if (path === '') throw new InputError('empty-path', 'a path must not be empty; the folder that you are in is .');
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env;
  return resolve(script === 'start' && folder !== undefined ? folder : process.cwd(), path);
}

/**
 * Where there is no such file, a plain word is the name of a data set of the lab.
 * @throws InputError `dataset-missing`.
 */
function readDataset(text: string): string {
  const path = resolveUserPath(text);
  if (existsSync(path)) return path;
  if (!/[/\\]/.test(text)) return text;
  throw new InputError('dataset-missing', `the data set "${path}" does not exist`);
}

/**
 * 3, 1..5, or 1,4,8..10 as numbers.
 * @throws InputError `range-invalid`.
 */
export function readNumberList(name: string, text: string, maximum: number, most: number): number[] {
  const numbers = parseNumberList(text, maximum, most);
  if (numbers !== undefined) return numbers;
  throw new InputError('range-invalid', `${name} takes whole numbers such as 1..5 or 1,4,8..10, at most ${most} of them, not "${text}"`);
}

/**
 * 3 or 1..5, both ends included.
 * @throws InputError `range-invalid`.
 */
export function readRange(name: string, text: string, maximum: number): { from: number; to: number } {
  const [, first, last = first] = /^\s*(\d+)(?:\.\.(\d+))?\s*$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (from <= to && to <= maximum) return { from, to };
  throw new InputError('range-invalid', `${name} takes a whole number or a range such as 1..5, not "${text}"`);
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
