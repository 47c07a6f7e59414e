/** Procedures about runs. */
import { resolveChangedDataset, resolveDataset } from '../datasets/of-runs.ts';
import { completeChanges, completeSpec } from '../experiments/complete-spec.ts';
import { startEvaluation } from '../jobs/evaluate-run.ts';
import { changeRun, addTags, groupRuns, listRuns, readDetails, readRun, removeTags, type RunRow } from '../store/runs.ts';
import { readRunTable } from '../store/run-table.ts';
import { listHappenings } from '../store/happenings.ts';
import { metricNames } from '../store/series.ts';
import { findId, findIds, pathsOf, queuePositions, summarise, summariseOne, type ApiContext, type Implementer } from './context.ts';
import { readLastLines } from './last-lines.ts';
import { picturesOf } from './pictures-of-run.ts';
import { watchAll } from './watch-all.ts';
import { watchRun } from './watch-run.ts';

const defaultLogLines = 1000;

export function createRunsRouter(os: Implementer['runs'], { lab }: ApiContext) {
  const rowOf = (id: string): RunRow => readRun(lab.stores.lab, id)!;
  return {
    create: os.create.handler(async ({ input: { specs, ...about } }) => {
      const complete = await Promise.all(specs.map((spec) => completeSpec(lab.extensions, spec)));
      const resolved = complete.map((spec) => resolveDataset(lab.stores.lab, spec));
      return summarise(lab, await lab.queue.create(resolved, about));
    }),
    table: os.table.handler(() => readRunTable(lab.stores.lab, queuePositions(lab))),
    list: os.list.handler(({ input }) => {
      const { runs, total } = listRuns(lab.stores.lab, input);
      return { runs: summarise(lab, runs), total };
    }),
    group: os.group.handler(({ input: { query, by } }) => groupRuns(lab.stores.lab, query, by)),
    get: os.get.handler(({ input: { run } }) => {
      const id = findId(lab, run);
      const details = readDetails(lab.stores.lab, id);
      return {
        ...summariseOne(lab, rowOf(id)),
        ...details,
        metrics: metricNames(lab.stores.series, id),
        pictures: picturesOf(pathsOf(lab, id), details.evaluations),
      };
    }),
    log: os.log.handler(({ input: { run, lines = defaultLogLines } }) => readLastLines(pathsOf(lab, findId(lab, run)).log, lines)),
    happenings: os.happenings.handler(({ input: { run, after } }) => listHappenings(lab.stores.lab, findId(lab, run), after)),
    watch: os.watch.handler(({ input: { run, after }, signal }) => watchRun(lab, findId(lab, run), after, signal)),
    watchAll: os.watchAll.handler(({ signal }) => watchAll(lab, signal)),
    evaluate: os.evaluate.handler(({ input: { run, ...request } }) => ({
      job: startEvaluation(lab, { id: findId(lab, run), ...request }).id,
    })),
    pause: os.pause.handler(({ input: { run } }) => summariseOne(lab, lab.queue.pause(findId(lab, run)))),
    resume: os.resume.handler(({ input: { run, episodes } }) => summariseOne(lab, lab.queue.resume(findId(lab, run), episodes))),
    stop: os.stop.handler(({ input: { run, now } }) => summariseOne(lab, lab.queue.stop(findId(lab, run), now))),
    retry: os.retry.handler(({ input: { run } }) => summariseOne(lab, lab.queue.retry(findId(lab, run)))),
    clone: os.clone.handler(async ({ input: { run, changes } }) => {
      const id = findId(lab, run);
      const { spec } = rowOf(id);
      const complete = await completeChanges(lab.extensions, spec, resolveChangedDataset(lab.stores.lab, spec, changes));
      return summariseOne(lab, await lab.queue.clone(id, complete));
    }),
    update: os.update.handler(({ input: { run, ...changes } }) => {
      const id = findId(lab, run);
      const row = lab.stores.lab.transaction(() => updateRun(lab, id, changes));
      lab.changes.changed(id);
      return summariseOne(lab, row);
    }),
    updateAll: os.updateAll.handler(({ input: { runs, ...changes } }) => {
      const ids = findIds(lab, runs);
      lab.stores.lab.transaction(() => {
        for (const id of ids) updateRun(lab, id, changes);
      });
      for (const id of ids) lab.changes.changed(id);
      return { updated: ids.length };
    }),
    trash: os.trash.handler(({ input: { runs } }) => summarise(lab, lab.queue.trash(findIds(lab, runs)))),
    restore: os.restore.handler(({ input: { runs } }) => summarise(lab, lab.queue.restore(findIds(lab, runs)))),
    purge: os.purge.handler(async ({ input: { runs } }) => {
      const { purged, freedBytes } = await lab.queue.purge(findIds(lab, runs));
      for (const id of purged) lab.inspector.leave(id);
      return { purged: [...purged], freedBytes };
    }),
  };
}

/** What people say of a run. */
interface AboutChanges {
  readonly name?: string;
  readonly note?: string;
  readonly group?: string;
  readonly protected?: boolean;
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
}

function updateRun(
  { stores }: ApiContext['lab'],
  id: string,
  { group, addTags: added = [], removeTags: removed = [], ...rest }: AboutChanges,
): RunRow {
  removeTags(stores.lab, id, removed);
  addTags(stores.lab, id, added);
  return changeRun(stores.lab, id, { ...rest, ...(group === undefined ? {} : { runGroup: group }) });
}
