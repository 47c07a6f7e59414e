/** `export RUN…`: parameters, an episode, metrics or whole runs as files for other programs and other labs. */
import { join } from 'node:path';
import type { exportFormats } from '../../../core/contract/api/lab.ts';
import { InputError } from '../../../core/contract/errors.ts';
import { suggestName } from '../../../core/contract/nearest-name.ts';
import { runLimits } from '../../../core/contract/run-spec.ts';
import { readSpecFile } from '../../run-folder/spec-file.ts';
import { askTrainer } from '../../trainer/start-trainer.ts';
import type { Context, SetupCommand } from '../context.ts';
import { formatCount } from '../format.ts';
import { readCountOption, resolveUserPath } from '../options.ts';
import { findRunPaths, runArgument, toRunArguments } from '../run-argument.ts';
import { waitForJob } from '../wait-for-job.ts';

interface ExportOptions {
  readonly to?: string;
  readonly episode?: string;
  readonly format?: string;
  readonly metrics?: string;
  readonly archive?: string;
}

type Format = (typeof exportFormats)[number];

const metricFormats = ['csv', 'jsonl'] as const satisfies readonly Format[];
const arrayFormats = ['safetensors', 'npz'] as const satisfies readonly Format[];

export const setupExport: SetupCommand = (program, context) => {
  program
    .command('export')
    .description("write a run's parameters, its metrics or all of it into files")
    .argument('<run...>', runArgument)
    .option('--to <FOLDER>', 'where the files go')
    .option('--episode <SEED>', 'also every array of the held-out episode with this seed')
    .option('--format <NAME>', `of the parameters: ${arrayFormats.join(' or ')} (default: ${arrayFormats[0]})`)
    .option('--metrics <NAME>', `every metric by iteration instead: ${metricFormats.join(' or ')}`)
    .option('--archive <FILE>', 'the whole run as one file for "import"; of several runs, a folder')
    .action(async (args: readonly string[], options: ExportOptions) => {
      const episode = readCountOption('--episode', options.episode, 0, runLimits.seed);
      refuseContradictions(args.length, options);
      const { archive, metrics } = options;
      const format = readFormat('--format', options.format ?? arrayFormats[0], arrayFormats);
      if (archive !== undefined) return exportByHost(context, args, 'archive', resolveUserPath(archive));
      const to = requireTo(options);
      if (metrics !== undefined) return exportMetrics(context, args, readFormat('--metrics', metrics, metricFormats), to);
      if (format === 'npz' || args.length > 1) return exportByHost(context, args, format, to);
      return exportParameters(context, args[0]!, to, episode);
    });
};

/** @throws InputError `options-exclusive`. */
function refuseContradictions(runs: number, { to, episode, format, metrics, archive }: ExportOptions): void {
  const refuse = (one: string, other: string) => {
    throw new InputError('options-exclusive', `${one} and ${other} exclude each other`);
  };
  if (archive !== undefined) {
    const others = { '--to': to, '--episode': episode, '--format': format, '--metrics': metrics };
    const other = Object.entries(others).find(([, value]) => value !== undefined);
    if (other !== undefined) refuse('--archive', other[0]);
  }
  if (metrics !== undefined && format !== undefined) refuse('--metrics', '--format');
  if (episode === undefined) return;
  if (metrics !== undefined) refuse('--episode', '--metrics');
  if (format === 'npz') refuse('--episode', '--format npz');
  if (runs > 1) throw new InputError('options-exclusive', `--episode takes one run, not ${runs}`);
}

function requireTo({ to }: ExportOptions): string {
  if (to !== undefined) return resolveUserPath(to);
  throw new InputError('missing-mandatory-option-value', 'export needs --to FOLDER, or --archive FILE for whole runs');
}

function readFormat<Name extends Format>(option: string, name: string, names: readonly Name[]): Name {
  const found = names.find((known) => known === name);
  if (found !== undefined) return found;
  throw new InputError('unknown-format', `${option} has no "${name}": ${suggestName(name, names)}`);
}

async function exportMetrics(context: Context, args: readonly string[], format: Format, to: string): Promise<void> {
  if (to.endsWith(`.${format}`)) return exportByHost(context, args, format, to);
  const { api } = await context.connect();
  const [run = ''] = toRunArguments(context, args);
  const name = args.length === 1 ? (await api.runs.get({ run })).id : 'metrics';
  return exportByHost(context, args, format, join(to, `${name}.${format}`));
}

async function exportByHost(context: Context, args: readonly string[], format: Format, to: string): Promise<void> {
  const { output } = context;
  const { api } = await context.connect();
  const runs = await Promise.all(toRunArguments(context, args).map(async (run) => (await api.runs.get({ run })).id));
  const { job } = await api.transfer.exportRuns({ runs, format, to });
  const files = await waitForJob(context, job);
  output.event({ event: 'exported', runs, files });
  for (const file of files) output.line(file);
}

/** A question to a trainer process: only it can compute an episode. */
async function exportParameters(context: Context, argument: string, folder: string, episode: number | undefined): Promise<void> {
  const { output, program } = context;
  const paths = await findRunPaths(context, argument);
  const { precision } = await readSpecFile(paths);
  const {
    iteration,
    files = [],
    warnings,
  } = await askTrainer(
    { job: 'export', folder: paths.folder, to: folder, ...(episode === undefined ? {} : { episode }) },
    { entry: program.trainerEntry, precision, batch: 1 },
  );
  for (const warning of warnings) output.remark(warning);
  output.event({ event: 'export', run: paths.id, iteration, folder, files });
  output.line(`run ${paths.id}, iteration ${formatCount(iteration)}:`);
  for (const file of files) output.line(file);
}
