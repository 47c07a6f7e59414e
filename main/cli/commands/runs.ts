/** `runs`: the lab's runs as a table, filtered, sorted, or in groups. */
import { InputError } from '../../../core/contract/errors.ts';
import type { RunQuery } from '../../../core/contract/api/runs.ts';
import type { Context, SetupCommand } from '../context.ts';
import { formatCount, formatPlural } from '../format.ts';
import { groupColumns } from '../group-columns.ts';
import { collectList, readCountOption } from '../options.ts';
import { findKnownExperiments, type KnownExperiment } from '../known-experiments.ts';
import { chooseColumns } from '../run-columns.ts';
import { addQueryOptions, readQuery, toHostColumn, type QueryOptions } from '../run-query.ts';
import { layOutTable } from '../table.ts';

interface RunsOptions extends QueryOptions {
  readonly columns: readonly string[];
  readonly groupBy?: string;
  readonly limit?: string;
}

const mostRuns = 20_000;
/** A screenful; `--json` shows all. */
const usualLimit = 30;

export const setupRuns: SetupCommand = (program, context) => {
  const command = program.command('runs').description('list the runs, newest first');
  addQueryOptions(command)
    .option('--columns <LIST>', 'what to show, for example status,loss,learningRate,id', collectList, [])
    .option('--group-by <LIST>', 'median and quartiles of groups; "seeds": of runs that differ in nothing but their seed')
    .option('--limit <N>', `at most so many (default: ${usualLimit}; with --json all)`)
    .action(async (words: readonly string[], options: RunsOptions) => {
      const experiments = await findKnownExperiments(context);
      const query = readQuery(words, options, experiments);
      const limit = readCountOption('--limit', options.limit, 1, mostRuns) ?? (context.output.json ? mostRuns : usualLimit);
      if (options.groupBy === undefined) await showRuns(context, { ...query, limit }, options.columns, experiments);
      else await showGroups(context, { ...query, limit }, options.groupBy, experiments);
    });
};

async function showRuns(
  context: Context,
  query: RunQuery,
  names: readonly string[],
  experiments: readonly KnownExperiment[],
): Promise<void> {
  const { output } = context;
  // Before the host is asked: a wrong name is wrong in an empty lab, too.
  chooseColumns(names, [], experiments);
  const { api } = await context.connect();
  const { runs, total } = await api.runs.list(query);
  if (output.json) {
    output.value(runs);
    return;
  }
  if (total === 0) {
    output.line(await describeNone(context, query));
    return;
  }
  for (const line of layOutTable(runs, chooseColumns(names, runs, experiments), output.columns)) output.line(line);
  if (runs.length < total) output.remark(`${formatCount(runs.length)} of ${formatPlural(total, 'run')}; --limit shows more`);
}

async function describeNone(context: Context, { trashed = false }: RunQuery): Promise<string> {
  const { api } = await context.connect();
  const { total } = await api.runs.list({ trashed, limit: 1 });
  if (trashed) return total === 0 ? 'the trash is empty' : 'there is no such run in the trash';
  return total === 0 ? 'there are no runs yet; "train" makes one' : 'there is no such run';
}

async function showGroups(
  context: Context,
  { limit, ...query }: RunQuery,
  groupBy: string,
  experiments: readonly KnownExperiment[],
): Promise<void> {
  const { output } = context;
  const names = groupBy.split(',');
  if (names.includes('seeds') && names.length > 1)
    throw new InputError('options-exclusive', '--group-by seeds cannot be combined with columns');
  const by = groupBy === 'seeds' ? 'all-but-seed' : names.map((name) => toHostColumn(name, experiments));
  const { api } = await context.connect();
  const groups = (await api.runs.group({ query, by })).slice(0, limit);
  if (output.json) {
    output.value(groups);
    return;
  }
  if (groups.length === 0) {
    output.line('there is no such run');
    return;
  }
  for (const line of layOutTable(groups, groupColumns(groups), output.columns)) output.line(line);
}
