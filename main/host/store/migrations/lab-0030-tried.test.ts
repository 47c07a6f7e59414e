import { expect, it } from 'vitest';
import { readMigrations } from '../migrations.ts';
import { upgrade } from '../test-support/upgrade.ts';

const rows = `
  INSERT INTO runs (id, spec, experiment, variant, seed, batch, target_episodes, precision, spec_hash, status, slot, created_at_ms)
  VALUES ('a', '{}', 'images', 'free', 1, 1, 10, 'float32', 'h', 'finished', 'cpu', 5);
`;

it('runs that were there can have what was tried with them, which goes with them', () => {
  upgrade(readMigrations('lab'), 30, rows, (database) => {
    database.exec("INSERT INTO tried (run_id, name, kept_at_ms, trial) VALUES ('a', 'no trace', 7, '{}')");
    expect(database.queryOnce('SELECT run_id, name FROM tried', [])).toEqual([['a', 'no trace']]);
    database.exec("DELETE FROM runs WHERE id = 'a'");
    expect(database.queryOnce('SELECT count(*) FROM tried', [])).toEqual([[0]]);
  });
});
