-- Who asked for an evaluation: those of people are not in the journals, and are kept in the run folders beside what else people say.

ALTER TABLE evaluations ADD COLUMN source TEXT NOT NULL DEFAULT 'trainer' CHECK (source IN ('trainer', 'person'));

UPDATE evaluations SET source = 'person'
WHERE EXISTS (
  SELECT 1 FROM happenings
  WHERE happenings.run_id = evaluations.run_id AND happenings.source = 'person' AND happenings.name = 'evaluated'
    AND happenings.message LIKE 'iteration ' || evaluations.iteration || ', ' || evaluations.held_out_episodes || ' held-out episodes:%'
);
