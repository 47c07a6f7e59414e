/** Runs that were stored before there was a parameter get what they had then (`before`), so that whoever reads a row reads what was trained. */
import { parseStoredSpec } from '../../../core/experiments/create-run-spec.ts';
import { experiments } from '../../../core/experiments/index.ts';
import type { LabDatabase } from './open-stores.ts';
import { changeRun } from './runs.ts';

/** @returns how many there were. */
export function completeSpecs(lab: LabDatabase): number {
  const later = experiments.flatMap(({ name, parameters }) =>
    Object.entries(parameters).flatMap(([parameter, { before }]) => (before === undefined ? [] : [{ experiment: name, parameter }])),
  );
  const ids = new Set<string>();
  const find = lab.prepare<{ id: string }>(`SELECT id FROM runs WHERE experiment = ? AND json_extract(spec, ?) IS NULL`);
  for (const { experiment, parameter } of later) for (const { id } of find.all(experiment, `$.parameters.${parameter}`)) ids.add(id);
  const read = lab.prepare<{ spec: string }>('SELECT spec FROM runs WHERE id = ?');
  lab.transaction(() => {
    for (const id of ids) changeRun(lab, id, { spec: parseStoredSpec(JSON.parse(read.get(id)!.spec)) });
  });
  return ids.size;
}
