-- Every experiment has a score of its own; what was images' relative error alone takes its place.

ALTER TABLE runs RENAME COLUMN relative_error TO score;
ALTER TABLE evaluations RENAME COLUMN relative_error TO score;

UPDATE saved_views SET view = replace(view, 'relativeError', 'score');
