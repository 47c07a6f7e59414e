/** The bench's options. */
import { parseArgs } from 'node:util';
import { InputError } from '../core/contract/errors.ts';
import { suggestName } from '../core/contract/nearest-name.ts';
import { backendChoices, precisionNames, runLimits, type BackendName, type PrecisionName } from '../core/contract/run-spec.ts';
import { readCount } from '../core/experiments/create-run-spec.ts';
import { parseNumber } from '../core/experiments/parameter.ts';

export const usage = `Usage: npm start -- bench [images | maze | omniglot | small | forms | memory | store | ingest | faults | clients | ui | inside] [options]

  images (default)  the image episode by backend, precision and batch, beside its dense form in PyTorch and ours
  maze              training in the maze at a batch of 30 and of 1, beside its dense form in PyTorch
  omniglot          training on characters at several batches, beside its dense form in PyTorch at batch 1
  small             a network as small as the maze's alone (Hebb's rule), forward and backward, on one thread and on two, beside its dense form in PyTorch
  forms             the engine's forms against the order in which its cost model puts them
  memory            many iterations in one process: whether memory stays flat and every tensor is freed
  store             the lab with 10,000 runs and 50 million metric values: start, lists, curves (takes a minute, and asks for 5 GB free)
  faults            kills and imitated power cuts at random moments of live runs: whether anything is lost (takes some 20 minutes)
  clients           ten thousand malformed and oversized messages from twenty clients, beside two front ends at work
  ui                the window on a lab with 10,000 runs: its start, filtering, sorting, grouping, eight live runs, curves
  inside            looking inside runs: opening an episode, scrubbing it, memory, and what following a live run costs its training
  ingest            following journals: values a second, eight live runs at once, and what a journal costs its trainer

  --backend LIST    of tensorflow, webgpu, wasm, cpu (default: tensorflow,wasm; for memory: tensorflow)
  --batch LIST      episodes an iteration (default: 1,8,32, for wasm 1,8; for memory: 1)
  --precision LIST  of float32, mixed (default: both where the CPU multiplies bfloat16, else float32)
  --rounds N        rounds of all measurements, one after another (default: 5)
  --seconds N       time for each measurement of ours in a round (default: 2)
  --no-pytorch      without PyTorch, and so without ratios to it
  --no-dense        without our own dense form and the readable reference
  --iterations N    of memory (default: 2000)
  --times N         kills, and power cuts, of faults (default: 60)
  --campaigns LIST  of faults: kill, power (default: both)
  --live SECONDS    of ui: how long eight live runs are watched (default: 30; what is promised is promised for 600)
  --out FILE        write the table as Markdown, between the bench's marks where the file has them
  --json            print one JSON object
  --help`;

const subjects = [
  'images',
  'forms',
  'memory',
  'store',
  'ingest',
  'faults',
  'clients',
  'ui',
  'inside',
  'maze',
  'omniglot',
  'small',
] as const;
const campaignNames = ['kill', 'power'] as const;

export interface BenchOptions {
  readonly subject: (typeof subjects)[number];
  /** Undefined: each subject's own default. */
  readonly backends: readonly BackendName[] | undefined;
  readonly batches: readonly number[] | undefined;
  readonly precisions: readonly PrecisionName[] | undefined;
  readonly rounds: number;
  readonly seconds: number;
  readonly pytorch: boolean;
  readonly dense: boolean;
  readonly iterations: number;
  readonly times: number;
  readonly campaigns: readonly (typeof campaignNames)[number][];
  readonly live: number;
  readonly out: string | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

const backendNames = backendChoices.filter((name) => name !== 'auto');

/** @throws InputError naming the rule and the value. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parse(args);
  const count = (name: string, text: string | undefined, otherwise: number) =>
    text === undefined ? otherwise : readCount(`--${name}`, parseNumber(text) ?? NaN, 1, 1e9);
  if (positionals.length > 1) throw new InputError('too-many-arguments', `the bench takes one subject, not ${positionals.length}`);
  return {
    subject: readName('subject', positionals[0] ?? 'images', subjects),
    backends: list(values.backend)?.map((name) => readName('backend', name, backendNames)),
    batches: list(values.batch)?.map((text) => readCount('--batch', parseNumber(text) ?? NaN, 1, runLimits.batch)),
    precisions: list(values.precision)?.map((name) => readName('precision', name, precisionNames)),
    rounds: count('rounds', values.rounds, 5),
    seconds: readSeconds(values.seconds),
    pytorch: !values['no-pytorch'],
    dense: !values['no-dense'],
    iterations: count('iterations', values.iterations, 2000),
    times: count('times', values.times, 60),
    campaigns: list(values.campaigns)?.map((name) => readName('campaign', name, campaignNames)) ?? campaignNames,
    live: count('live', values.live, 30),
    out: values.out,
    json: values.json,
    help: values.help,
  };
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const taken = {
  backend: text,
  batch: text,
  precision: text,
  rounds: text,
  seconds: text,
  iterations: text,
  times: text,
  live: text,
  campaigns: text,
  out: text,
  'no-pytorch': flag,
  'no-dense': flag,
  json: flag,
  help: flag,
};
const optionNames = Object.keys(taken).map((name) => `--${name}`);

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: taken });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const unknown = /^Unknown option '([^']+)'/.exec(message)?.[1];
    if (unknown === undefined)
      throw new InputError('option-invalid', `${message.split('\n')[0] ?? message}; \`bench --help\` lists the options`);
    throw new InputError('unknown-option', `the bench has no option "${unknown}": ${suggestName(unknown, optionNames)}`);
  }
}

function readSeconds(text = '2'): number {
  const seconds = parseNumber(text);
  if (seconds !== undefined && seconds > 0 && seconds <= 3600) return seconds;
  throw new InputError('out-of-range', `--seconds must be a number above 0 and at most 3600, not "${text}"`);
}

const list = (text: string | undefined) => text?.split(',').map((item) => item.trim());

function readName<Name extends string>(kind: string, value: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === value);
  if (found !== undefined) return found;
  throw new InputError(`unknown-${kind}`, `there is no ${kind} "${value}": ${suggestName(value, names)}`);
}
