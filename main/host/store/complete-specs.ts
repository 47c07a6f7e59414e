/** Runs that were stored before there was a parameter get what they had then (`before`), so that whoever reads a row reads what was trained. */
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import { experiments } from '../../../core/experiments/index.ts';
import { completeStored } from '../../../core/experiments/read-parameters.ts';
import type { LabDatabase } from './open-stores.ts';
import { changeRun } from './runs.ts';

/** Nothing else of a spec is looked at: one that nobody understands any more is no reason not to open a lab. @returns how many there were. */
export function completeSpecs(lab: LabDatabase): number {
  const find = lab.prepare<{ id: string; spec: string }>(
    `SELECT id, spec FROM runs WHERE experiment = ? AND json_extract(spec, ?) IS NULL`,
  );
  let count = 0;
  lab.transaction(() => {
    for (const { name: experiment, parameters } of experiments) {
      for (const [name, { before }] of Object.entries(parameters)) {
        if (before === undefined) continue;
        for (const { id, spec: text } of find.all(experiment, `$.parameters.${name}`)) {
          const spec = JSON.parse(text) as RunSpec;
          changeRun(lab, id, { spec: { ...spec, parameters: completeStored(parameters, spec.parameters) } });
          count++;
        }
      }
    }
  });
  return count;
}
