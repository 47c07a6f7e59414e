/** What is expected of a run, before anybody starts it. */
import type { Outlook } from '../../../core/contract/api/experiments.ts';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import { experimentOf } from '../../../core/experiments/index.ts';
import { describeReference, explainAbsence } from '../../../core/experiments/reference.ts';
import { dataOf } from '../datasets/of-runs.ts';
import type { LabDatabase } from '../store/open-stores.ts';

export function expectRun(lab: LabDatabase, spec: RunSpec): Pick<Outlook, 'reference' | 'whyNoReference'> {
  const experiment = experimentOf(spec);
  const data = dataOf(lab, spec);
  const reference = describeReference(experiment, spec, data);
  if (reference !== null) return { reference, whyNoReference: '' };
  return { reference, whyNoReference: explainAbsence(experiment, spec, data).text };
}
