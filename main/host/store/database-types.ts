/** Which of the two databases a function works on. */
import type { SqlDatabase } from './sql.ts';

/** `lab.db`: what people could miss. */
export interface LabDatabase extends SqlDatabase {
  readonly kind: 'lab';
}

/** `series.db`: metrics; can be made anew from the journals. */
export interface SeriesDatabase extends SqlDatabase {
  readonly kind: 'series';
}
