/** What of the user's the lab's runs worked with. */
import { extensionSchema, type Extension } from '../../../core/contract/extension.ts';
import { experimentNames } from '../../../core/contract/run-spec.ts';
import type { LabDatabase } from './database-types.ts';

/** Tasks of runs that are not among `present` any more, each as the newest of its runs knew it. */
export function findGoneTasks(lab: LabDatabase, present: readonly Extension[]): Extension[] {
  const rows = lab
    .prepare<{ extensions: string }>(
      // Most labs have none: looking for the word is quicker than reading every spec.
      `SELECT spec ->> '$.extensions' AS extensions, max(created_at_ms) AS newest FROM runs
       WHERE spec LIKE '%"extensions":%' AND extensions IS NOT NULL GROUP BY extensions ORDER BY newest DESC`,
    )
    .all();
  const gone = new Map<string, Extension>();
  for (const { extensions } of rows) {
    for (const extension of extensionSchema.array().parse(JSON.parse(extensions))) {
      if (extension.kind !== 'task' || gone.has(extension.name)) continue;
      const isPresent = present.some(({ kind, name }) => kind === 'task' && name === extension.name);
      if (!isPresent && !experimentNames.some((name) => name === extension.name)) gone.set(extension.name, extension);
    }
  }
  return [...gone.values()];
}
