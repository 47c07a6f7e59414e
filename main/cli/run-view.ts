/** A run as it happens: its journal's records turned into lines for people or JSON events. */
import type { RunSummary } from '../../core/contract/api/runs.ts';
import type { JournalRecord, JournalRecordOf } from '../../core/contract/journal-records.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import { experimentOf } from '../../core/experiments/index.ts';
import { createRecentMeans } from '../trainer/recent-means.ts';
import { describeHeldOut, describeResult } from './describe-score.ts';
import { describeChanges, describeOwnCode } from './describe-spec.ts';
import { formatBytes, formatCount, formatDuration, formatNumber } from './format.ts';
import type { Output } from './output.ts';

export interface RunView {
  show(record: JournalRecord): void;
}

export type ShownRun = Pick<RunSummary, 'id' | 'folder' | 'spec'>;

export function createRunView(output: Output, run: ShownRun): RunView {
  return output.json ? createJsonView(output, run) : createTextView(output, run.spec);
}

function createJsonView(output: Output, { id, folder, spec }: ShownRun): RunView {
  const scoreName = experimentOf(spec).score.name;
  return {
    show(record) {
      if (record.type === 'start') {
        output.event({ event: 'start', run: id, folder, backend: record.backend, device: record.device, spec });
      } else if (record.type === 'metrics') {
        const { iteration, episodes, episodesPerSecond } = record;
        const { loss = 0 } = record.values;
        output.event({ event: 'metrics', iteration, episodes, loss, [scoreName]: record.values[scoreName] ?? 0, episodesPerSecond });
      }
    },
  };
}

function createTextView(output: Output, spec: RunSpec): RunView {
  const { score } = experimentOf(spec);
  const recent = createRecentMeans(score.average);
  return {
    show(record) {
      switch (record.type) {
        case 'log':
          if (record.level === 'error') output.remark(record.message);
          else output.line(record.message);
          break;
        case 'event':
          if (record.level === 'info') output.line(record.message);
          else output.remark(record.message);
          break;
        case 'start':
          for (const line of describeStart(record, spec)) output.line(line);
          break;
        case 'rewind':
          output.line(
            record.iteration === 0 ? 'starting from the beginning' : `continuing after iteration ${formatCount(record.iteration)}`,
          );
          break;
        case 'metrics':
          recent.add(record.batch, record.values['loss'] ?? 0, record.values[score.name] ?? 0);
          output.live(describeProgress(record, spec, recent.means()!));
          break;
        case 'evaluation':
          output.line(describeEvaluation(record, spec));
          break;
        case 'checkpoint':
          if (output.verbose) output.line(`wrote ${record.file} (${formatBytes(record.bytes)})`);
          break;
        case 'end':
          break;
      }
    },
  };
}

/** With what the run computes. */
export function describeStart(
  { backend, device, dataset }: Pick<JournalRecordOf<'start'>, 'device' | 'dataset'> & { readonly backend: string },
  spec: RunSpec,
): string[] {
  const ownCode = describeOwnCode(spec);
  return [
    `backend  ${backend}: ${device}`,
    `data     ${dataset.name}${dataset.note === '' ? '' : `: ${dataset.note}`}`,
    ...(ownCode === null ? [] : [`code     ${ownCode}`]),
    `preset   ${describeChanges(spec)}`,
    '',
  ];
}

function describeProgress(record: JournalRecordOf<'metrics'>, spec: RunSpec, means: { loss: number; score: number }): string {
  const { episodes, episodesPerSecond, rssBytes } = record;
  const left = episodesPerSecond > 0 ? (spec.episodes - episodes) / episodesPerSecond : Infinity;
  return [
    `${formatCount(episodes)}/${formatCount(spec.episodes)} episodes`,
    describeResult(spec, means),
    `${formatNumber(episodesPerSecond)} episodes/s`,
    `${formatDuration(left)} left`,
    formatBytes(rssBytes),
  ].join(' · ');
}

function describeEvaluation(evaluation: JournalRecordOf<'evaluation'>, spec: RunSpec): string {
  const { iteration, heldOutEpisodes } = evaluation;
  return `iteration ${formatCount(iteration)}: held-out ${describeHeldOut(spec, evaluation)} (${formatCount(heldOutEpisodes)} episodes)`;
}
