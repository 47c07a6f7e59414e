-- What people tried while looking inside a run, and what came of it.

CREATE TABLE tried (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  kept_at_ms INTEGER NOT NULL,
  -- JSON: checkpoint, episode, change, result and sweep.
  trial TEXT NOT NULL
) STRICT;

CREATE INDEX tried_by_run ON tried (run_id, id);
