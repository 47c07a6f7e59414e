import { appendFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readAbout } from '../../run-folder/about-file.ts';
import { runsFolder } from '../../run-folder/data-folder.ts';
import { createFollower } from '../follow/follower.ts';
import { rebuildLab } from '../follow/rebuild.ts';
import { mirrorAbout } from './about-mirror.ts';
import { evaluationsOfPeople, listEvaluations, putEvaluation } from './evaluations.ts';
import { deleteRun } from './runs.ts';
import { evaluationRecord, metricsRecord, rewindRecord, startRecord } from './test-support/records.ts';
import { createStoreLab, encodeJournal, type StoreLab } from './test-support/store-lab.ts';

let lab: StoreLab;
beforeEach(() => (lab = createStoreLab()));
afterEach(() => lab.remove());

const rebuild = () => rebuildLab(lab.stores, runsFolder(lab.dataFolder), { slotOf: () => 'cpu' });
const metricsOf = (iteration: number) => metricsRecord(iteration, { loss: 5 });
const records = [startRecord(), ...[1, 2, 3].map(metricsOf), evaluationRecord(3)];
const asked = (iteration: number, evaluatedAtMs = Date.now() + 1000) => ({
  iteration,
  episodes: iteration,
  heldOutEpisodes: 777,
  loss: 1.5,
  score: 0.25,
  evaluatedAtMs,
});

it('what people had evaluated is in the run folder, too, and comes back when the database is made anew', async () => {
  const paths = lab.makeFolder('one', records);
  await rebuild();
  const before = listEvaluations(lab.stores.lab, 'one');
  expect([before.length, readAbout(paths)!.evaluated]).toEqual([1, undefined]);
  putEvaluation(lab.stores.lab, 'one', asked(3), 'person');
  mirrorAbout(lab.stores.lab, 'one');
  expect(readAbout(paths)!.evaluated).toEqual([asked(3, expect.any(Number) as unknown as number)]);
  const all = listEvaluations(lab.stores.lab, 'one');
  expect(all).toHaveLength(2);
  deleteRun(lab.stores.lab, 'one');
  await rebuild();
  expect(listEvaluations(lab.stores.lab, 'one')).toEqual(all);
});

it('goes when the run goes back behind it, and stays where that was before', async () => {
  const paths = lab.makeFolder('one', records);
  await rebuild();
  const database = lab.stores.lab;
  putEvaluation(database, 'one', asked(2, 1), 'person');
  putEvaluation(database, 'one', asked(3, 1), 'person');
  mirrorAbout(database, 'one');
  appendFileSync(paths.journal, encodeJournal([rewindRecord(2), metricsOf(3)], records.length + 1));
  const follower = createFollower(lab.stores, 'one', paths);
  while (follower.poll(1).more);
  expect(evaluationsOfPeople(database, 'one').map(({ iteration }) => iteration)).toEqual([2]);
  expect(readAbout(paths)!.evaluated).toHaveLength(1);
  // Of what was trained after that.
  putEvaluation(database, 'one', asked(3), 'person');
  mirrorAbout(database, 'one');
  deleteRun(database, 'one');
  await rebuild();
  expect(evaluationsOfPeople(database, 'one').map(({ iteration }) => iteration)).toEqual([2, 3]);
});
