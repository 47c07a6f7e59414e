import { afterEach, beforeEach, expect, it } from 'vitest';
import { mostTried, type NewTried } from '../../../core/contract/tried.ts';
import { readAbout, writeAbout } from '../../run-folder/about-file.ts';
import { runsFolder } from '../../run-folder/data-folder.ts';
import { rebuildLab } from '../follow/rebuild.ts';
import { changeRun, deleteRun } from './runs.ts';
import { createStoreLab, type StoreLab } from './test-support/store-lab.ts';
import { keepTried, readTried, removeTried, renameTried } from './tried.ts';

let lab: StoreLab;
beforeEach(() => (lab = createStoreLab()));
afterEach(() => lab.remove());

const tried = (name: string): NewTried => ({
  name,
  file: 'checkpoints/000000010.safetensors',
  iteration: 10,
  seed: 3,
  ablation: {
    alpha: [{ kind: 'thresholded', share: 0.5 }],
    eta: 0.1,
    clearedAt: 4,
    presentations: [1, 3, 3],
    noise: { inputs: 0.1, seed: 0 },
  },
  episodes: 20,
  changed: { loss: null, score: 0.5 },
  usual: { loss: 1.5, score: 0.25 },
  sweep: { kind: 'eta', points: [{ value: 0.01, loss: 2, score: 0.5 }] },
});
const rebuild = () => rebuildLab(lab.stores, runsFolder(lab.dataFolder), { slotOf: () => 'cpu' });
const names = (run: string) => readTried(lab.stores.lab, run).map(({ name }) => name);

it('what was tried is kept with its run, in the database and in its folder, renamed and removed there', async () => {
  const paths = lab.makeFolder('one', []);
  lab.makeFolder('two', []);
  await rebuild();
  const database = lab.stores.lab;
  const first = keepTried(database, 'one', tried('no trace'));
  const second = keepTried(database, 'one', tried('half of alpha'));
  expect(first).toMatchObject(tried('no trace'));
  expect(readTried(database, 'one')).toEqual([first, second]);
  const { id: _id, ...described } = first;
  expect(readAbout(paths)!.tried![0]).toEqual(described);
  renameTried(database, 'one', second.id, 'half');
  expect([names('one'), readAbout(paths)!.tried!.map(({ name }) => name)]).toEqual([
    ['no trace', 'half'],
    ['no trace', 'half'],
  ]);
  expect([removeTried(database, 'two', first.id), removeTried(database, 'one', first.id), removeTried(database, 'one', first.id)]).toEqual([
    false,
    true,
    false,
  ]);
  expect(names('one')).toEqual(['half']);
  expect(() => renameTried(database, 'two', second.id, 'x')).toThrow('run two has nothing tried with the number');
  // What else is said of the run leaves it alone.
  changeRun(database, 'one', { note: 'a note' });
  expect(readAbout(paths)!.tried).toHaveLength(1);
});

it('it comes back when the database is made anew, and goes with its run', async () => {
  const paths = lab.makeFolder('one', []);
  await rebuild();
  keepTried(lab.stores.lab, 'one', tried('no trace'));
  const kept = readTried(lab.stores.lab, 'one').map(({ id: _id, ...rest }) => rest);
  deleteRun(lab.stores.lab, 'one');
  expect(names('one')).toEqual([]);
  await rebuild();
  expect(readTried(lab.stores.lab, 'one').map(({ id: _id, ...rest }) => rest)).toEqual(kept);
  expect(readAbout(paths)!.tried).toEqual(kept);
});

it('folders of earlier versions have nothing tried, and a run has no more than can be looked through', async () => {
  const paths = lab.makeFolder('one', []);
  writeAbout(paths, { name: 'old', note: '', tags: [], group: '', protected: false, createdAtMs: 5 });
  await rebuild();
  expect(readTried(lab.stores.lab, 'one')).toEqual([]);
  expect(readAbout(paths)).not.toHaveProperty('tried');
  for (let count = 0; count < mostTried; count++) keepTried(lab.stores.lab, 'one', tried(`${count}`));
  expect(() => keepTried(lab.stores.lab, 'one', tried('one more'))).toThrow('as many as are kept');
});
