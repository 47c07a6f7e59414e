/** Writes runs into files for other programs and other labs. */
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Job } from '../../../core/contract/api/lab.ts';
import type { exportFormats } from '../../../core/contract/api/lab.ts';
import { archiveSuffix } from '../../../core/contract/archive-manifest.ts';
import { InputError } from '../../../core/contract/errors.ts';
import { suggestName } from '../../../core/contract/nearest-name.ts';
import { writeMetricFile } from '../../archive/metric-files.ts';
import { runsFolder } from '../../run-folder/data-folder.ts';
import type { JobContext } from '../jobs/job-runner.ts';
import { runTask } from '../jobs/task-process.ts';
import type { Lab } from '../lab.ts';
import { describeAbout } from '../store/about-mirror.ts';
import { readRun } from '../store/runs.ts';
import { iterateMetrics, metricNames } from '../store/series.ts';
import { readVersion } from '../version.ts';

export interface ExportRequest {
  /** Whole ids. */
  readonly ids: readonly string[];
  readonly format: (typeof exportFormats)[number];
  /** Of metrics; all of them without. */
  readonly names?: readonly string[];
  /** A file for csv, jsonl and an archive of one run, else a folder. */
  readonly to: string;
}

const paths = z.array(z.string());

/** The job's result is the files that it wrote. @throws InputError `path-relative`, `unknown-metric`. */
export function startExport(lab: Lab, request: ExportRequest): Job {
  const { ids, format, to } = request;
  if (!isAbsolute(to)) throw new InputError('path-relative', `"${to}" is not an absolute path`);
  const names = format === 'csv' || format === 'jsonl' ? chooseMetrics(lab, request) : [];
  const title = `export of ${ids.length === 1 ? ids[0]! : `${ids.length} runs`} (${format})`;
  return lab.jobs.start('export-runs', title, (context) => work(lab, request, names, context));
}

async function work(
  lab: Lab,
  { ids, format, to }: ExportRequest,
  names: readonly string[],
  context: JobContext,
): Promise<readonly string[]> {
  const folderOf = (id: string) => join(runsFolder(lab.dataFolder), id);
  switch (format) {
    case 'csv':
    case 'jsonl': {
      const { signal, report } = context;
      const total = ids.reduce((sum, id) => sum + (readRun(lab.stores.lab, id)?.iteration ?? 0), 0);
      const runs = ids.map((run) => ({ run, rows: iterateMetrics(lab.stores.series, run, names) }));
      await writeMetricFile({ to, format, names, runs, signal, onProgress: (rows) => report('writing', rows, total) });
      return [to];
    }
    case 'safetensors':
    case 'npz': {
      const runs = ids.map((id) => ({ folder: folderOf(id), to: join(to, `${id}.${format}`) }));
      return runTask('export-arrays', { runs, format }, paths, context);
    }
    case 'archive': {
      const runs = ids.map((id) => ({
        folder: folderOf(id),
        to: ids.length === 1 ? to : join(to, `${id}${archiveSuffix}`),
        about: describeAbout(lab.stores.lab, id)!,
      }));
      return runTask('export-archives', { runs, version: readVersion() }, paths, context);
    }
  }
}

function chooseMetrics({ stores }: Lab, { ids, names }: ExportRequest): readonly string[] {
  const known = [...new Set(ids.flatMap((id) => metricNames(stores.series, id)))];
  const wrong = names?.find((name) => !known.includes(name));
  if (wrong !== undefined) throw new InputError('unknown-metric', `these runs have no metric "${wrong}": ${suggestName(wrong, known)}`);
  // The number of episodes is a column of its own.
  return names ?? known.filter((name) => name !== 'episodes');
}
