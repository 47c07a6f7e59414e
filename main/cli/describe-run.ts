/** A run on one page. */
import { join } from 'node:path';
import type { RunDetails } from '../../core/contract/api/runs.ts';
import { experimentOf } from '../../core/experiments/index.ts';
import { describeResult, formatInterval, formatScore, type Judged } from './describe-score.ts';
import { layOutFacts } from './facts.ts';
import { describeChanges, describeOwnCode } from './describe-spec.ts';
import { formatAgo, formatBytes, formatCount, formatDuration, formatNumber, formatSpark, formatTime } from './format.ts';
import { describeStatus } from './run-columns.ts';
import { layOutTable, type Column } from './table.ts';

const shownCheckpoints = 5;
const shownEvaluations = 5;
const shownHappenings = 8;
const sparkColumns = 40;

/** @param width the terminal's; undefined: lines may be of any length. */
export function describeRun(run: RunDetails, width: number | undefined): string[] {
  return [
    ...layOutFacts(describeFacts(run), width),
    ...section(
      'checkpoints',
      layOutTable(run.checkpoints.filter(({ removed }) => !removed).slice(-shownCheckpoints), checkpointColumns, width),
    ),
    ...section('evaluations', layOutTable(run.evaluations.slice(-shownEvaluations), evaluationColumns(run.spec), width)),
    ...section('happenings', layOutTable(run.happenings.slice(-shownHappenings), happeningColumns, width).slice(1), 0),
  ];
}

function describeFacts(run: RunDetails): [name: string, text: string][] {
  const { spec, backend, device, dataset, note, tags, group, reason, loss, score, spark, picture, journalProblem } = run;
  const marks = [
    ...(run.protected ? ['protected'] : []),
    ...(run.trashedAtMs === null ? [] : [`in the trash since ${formatAgo(run.trashedAtMs)}`]),
  ];
  const facts: [string, string | null][] = [
    ['run', `${run.id}${run.name === '' ? '' : `  "${run.name}"`}`],
    ['state', [describeStatus(run), ...(reason === null ? [] : [reason]), ...marks].join(' · ')],
    ['progress', describeProgress(run)],
    ['result', loss === null || score === null ? null : describeResult(spec, { loss, score })],
    ['reference', run.verdict === null || run.verdict.kind === 'no-reference' ? null : run.verdict.text],
    ['trend', spark.length < 2 ? null : formatSpark(spark, sparkColumns)],
    ['what', `${spec.experiment} · ${spec.variant}, seed ${spec.seed}`],
    ['own code', describeOwnCode(spec)],
    ['preset', describeChanges(spec)],
    ['backend', backend === null ? spec.backend : `${backend}: ${device ?? ''}, ${spec.precision}`],
    ['data', dataset === null ? (spec.dataset ?? null) : `${dataset.name}${dataset.note === '' ? '' : `: ${dataset.note}`}`],
    ['times', describeTimes(run)],
    ['tags', tags.length === 0 ? null : tags.join(' ')],
    ['group', group || null],
    ['note', note || null],
    ['metrics', run.metrics.length === 0 ? null : run.metrics.join(', ')],
    ['size', `${formatBytes(run.sizeBytes)}${run.peakRssBytes === null ? '' : `, peak memory ${formatBytes(run.peakRssBytes)}`}`],
    ['picture', picture === null ? null : join(run.folder, picture)],
    ['problem', journalProblem],
    ['folder', run.folder],
  ];
  return facts.flatMap(([name, text]) => (text === null ? [] : [[name, text]]));
}

function describeProgress({ episodes, spec, iteration, seconds, episodesPerSecond }: RunDetails): string {
  return [
    `${formatCount(episodes)}/${formatCount(spec.episodes)} episodes`,
    `iteration ${formatCount(iteration)}`,
    ...(seconds === 0 ? [] : [formatDuration(seconds)]),
    ...(episodesPerSecond === null ? [] : [`${formatNumber(episodesPerSecond)} episodes/s`]),
  ].join(' · ');
}

function describeTimes({ createdAtMs, startedAtMs, endedAtMs }: RunDetails): string {
  return [
    `created ${formatTime(createdAtMs)}`,
    ...(startedAtMs === null ? [] : [`started ${formatTime(startedAtMs)}`]),
    ...(endedAtMs === null ? [] : [`ended ${formatTime(endedAtMs)}`]),
  ].join(', ');
}

/** Nothing where the table has no rows. */
function section(title: string, table: readonly string[], headings = 1): string[] {
  return table.length <= headings ? [] : ['', title, ...table.map((line) => `  ${line}`)];
}

const checkpointColumns: readonly Column<RunDetails['checkpoints'][number]>[] = [
  { heading: 'iteration', cell: ({ iteration }) => formatCount(iteration), align: 'right' },
  { heading: 'kind', cell: ({ kind }) => kind },
  { heading: 'size', cell: ({ sizeBytes }) => formatBytes(sizeBytes), align: 'right' },
  { heading: 'written', cell: ({ writtenAtMs }) => formatTime(writtenAtMs) },
  { heading: 'file', cell: ({ file }) => file, minimum: 10 },
];

type Evaluation = RunDetails['evaluations'][number];

const evaluationColumns = (spec: Judged): readonly Column<Evaluation>[] => [
  { heading: 'iteration', cell: ({ iteration }) => formatCount(iteration), align: 'right' },
  { heading: 'loss', cell: ({ loss }) => formatNumber(loss), align: 'right' },
  { heading: experimentOf(spec).score.label, cell: ({ score }) => formatScore(spec, score), align: 'right' },
  ...(experimentOf(spec).score.countsAnswers === undefined
    ? []
    : [{ heading: '95 % interval', cell: (evaluation: Evaluation) => formatInterval(spec, evaluation) ?? '', align: 'right' as const }]),
  { heading: 'held-out episodes', cell: ({ heldOutEpisodes }) => formatCount(heldOutEpisodes), align: 'right' },
];

const happeningColumns: readonly Column<RunDetails['happenings'][number]>[] = [
  { heading: 'when', cell: ({ happenedAtMs }) => formatTime(happenedAtMs) },
  { heading: 'who', cell: ({ source }) => source },
  {
    heading: 'what',
    cell: ({ level, message }) => (level === 'info' ? message : `${level}: ${message}`).replaceAll('\n', ' '),
    minimum: 20,
  },
];
