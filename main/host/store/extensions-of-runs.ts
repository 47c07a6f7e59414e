/** What of the user's the lab's runs worked with. */
import { extensionSchema, type Extension } from '../../../core/contract/extension.ts';
import { experimentNames } from '../../../core/contract/run-spec.ts';
import type { LabDatabase } from './database-types.ts';

/** Tasks of runs that are not among `present` any more, each as the newest of its runs knew it. */
export function findGoneTasks(lab: LabDatabase, present: readonly Extension[]): Extension[] {
  const gone = new Map<string, Extension>();
  for (const task of readExtensions(lab)) {
    if (task.kind !== 'task') continue;
    const isPresent = present.some(({ kind, name }) => kind === 'task' && name === task.name);
    if (!isPresent && !gone.has(task.name) && !experimentNames.some((name) => name === task.name)) gone.set(task.name, task);
  }
  return [...gone.values()];
}

/** Names of the parameters of the tasks, networks and rules that runs are of. */
export function findOwnParameters(lab: LabDatabase): string[] {
  return readExtensions(lab).flatMap((extension) => Object.keys(extension.parameters ?? {}));
}

/** Of the newest run first. */
function readExtensions(lab: LabDatabase): Extension[] {
  const rows = lab
    .prepare<{ extensions: string }>(
      // Most labs have none: looking for the word is quicker than reading every spec.
      `SELECT spec ->> '$.extensions' AS extensions, max(created_at_ms) AS newest FROM runs
       WHERE spec LIKE '%"extensions":%' AND extensions IS NOT NULL GROUP BY extensions ORDER BY newest DESC`,
    )
    .all();
  return rows.flatMap(({ extensions }) => extensionSchema.array().parse(JSON.parse(extensions)));
}
