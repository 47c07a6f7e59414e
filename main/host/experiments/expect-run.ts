/** What is expected of a run, before anybody starts it. */
import type { Outlook } from '../../../core/contract/api/experiments.ts';
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import { experimentOf } from '../../../core/experiments/index.ts';
import { describeReference, judge } from '../../../core/experiments/reference.ts';
import { dataOf } from '../datasets/of-runs.ts';
import type { LabDatabase } from '../store/open-stores.ts';

export function expectRun(lab: LabDatabase, spec: RunSpec): Pick<Outlook, 'reference' | 'whyNoReference'> {
  const experiment = experimentOf(spec);
  const data = dataOf(lab, spec);
  const reference = describeReference(experiment, spec, data.dataset, data.classes);
  if (reference !== null) return { reference, whyNoReference: '' };
  return { reference, whyNoReference: judge(experiment, spec, { episodes: 0, loss: NaN, score: NaN, ...data }).text };
}
