import { expect, it } from 'vitest';
import { readMigrations } from '../migrations.ts';
import { upgrade } from '../test-support/upgrade.ts';

it('of a database of before, those that people asked for are told from a trainer’s by what happened to the run', () => {
  const rows = `
    INSERT INTO runs (id, spec, experiment, variant, seed, batch, target_episodes, precision, spec_hash, status, slot, created_at_ms)
    VALUES ('a', '{}', 'images', 'free', 1, 1, 10, 'float32', 'h', 'finished', 'cpu', 5);
    INSERT INTO evaluations (run_id, iteration, episodes, held_out_episodes, loss, score, evaluated_at_ms) VALUES ('a', 3, 3, 100, 21, 0.3, 7), ('a', 3, 3, 1000, 22, 0.2, 8);
    INSERT INTO happenings (run_id, happened_at_ms, source, level, name, message)
    VALUES ('a', 8, 'person', 'info', 'evaluated', 'iteration 3, 1000 held-out episodes: loss 22.0, error 0.200');
  `;
  upgrade(readMigrations('lab'), 40, rows, (database) => {
    const sources = database.queryOnce('SELECT held_out_episodes, source FROM evaluations ORDER BY held_out_episodes', []);
    expect(sources).toEqual([
      [100, 'trainer'],
      [1000, 'person'],
    ]);
  });
});
