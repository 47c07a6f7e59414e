-- Metrics of every iteration of every run, and their pyramids. Large, and rebuildable from the runs' journals.

-- How far a run's journal has been taken over into this database.
CREATE TABLE followed (
  run_key INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  journal_offset INTEGER NOT NULL DEFAULT 0,
  journal_sequence INTEGER NOT NULL DEFAULT 1,
  journal_mark INTEGER NOT NULL DEFAULT 0    -- CRC-32 of the last bytes before journal_offset
) STRICT;

-- A run's metrics by name; `slot` is the place of their values within each row.
CREATE TABLE metric_names (
  run_key INTEGER NOT NULL REFERENCES followed (run_key) ON DELETE CASCADE,
  slot INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (run_key, slot),
  UNIQUE (run_key, name)
) STRICT, WITHOUT ROWID;

-- One row an iteration: float64 little-endian, a value a slot; NaN where a metric has none, and a row may end before the last slots.
CREATE TABLE metrics (
  run_key INTEGER NOT NULL REFERENCES followed (run_key) ON DELETE CASCADE,
  iteration INTEGER NOT NULL,
  metric_values BLOB NOT NULL,
  PRIMARY KEY (run_key, iteration)
) STRICT, WITHOUT ROWID;

-- The pyramid: bucket n of level l covers iterations n·16^l + 1 … (n+1)·16^l. Four float64 a slot: min, max, sum, count.
CREATE TABLE buckets (
  run_key INTEGER NOT NULL REFERENCES followed (run_key) ON DELETE CASCADE,
  level INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  summaries BLOB NOT NULL,
  PRIMARY KEY (run_key, level, bucket)
) STRICT, WITHOUT ROWID;
