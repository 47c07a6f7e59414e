import { expect, it } from 'vitest';
import { readMigrations } from '../migrations.ts';
import { upgrade } from '../test-support/upgrade.ts';

const rows = `
  INSERT INTO runs (id, spec, experiment, variant, seed, batch, target_episodes, precision, spec_hash, status, slot, created_at_ms, loss, relative_error)
  VALUES ('a', '{}', 'images', 'free', 1, 1, 10, 'float32', 'h', 'finished', 'cpu', 5, 20.5, 0.25),
         ('b', '{}', 'images', 'free', 2, 1, 10, 'float32', 'h', 'queued', 'cpu', 6, NULL, NULL);
  INSERT INTO evaluations (run_id, iteration, episodes, held_out_episodes, loss, relative_error, evaluated_at_ms) VALUES ('a', 3, 3, 100, 21, 0.3, 7);
  INSERT INTO saved_views (name, view, saved_at_ms) VALUES ('best', '{"sort":[{"by":"relativeError"}]}', 8);
`;

it('the relative error of runs, evaluations and saved views is their score', () => {
  upgrade(readMigrations('lab'), 20, rows, (database) => {
    expect(database.queryOnce('SELECT id, loss, score FROM runs ORDER BY id', [])).toEqual([
      ['a', 20.5, 0.25],
      ['b', null, null],
    ]);
    expect(database.queryOnce('SELECT run_id, loss, score FROM evaluations', [])).toEqual([['a', 21, 0.3]]);
    expect(database.queryOnce('SELECT view FROM saved_views', [])).toEqual([['{"sort":[{"by":"score"}]}']]);
  });
});
