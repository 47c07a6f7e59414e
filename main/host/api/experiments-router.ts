/** Procedures about what can be trained, what it costs, and on what. */
import { parseRunSpec } from '../../../core/experiments/create-run-spec.ts';
import { completeSpec } from '../experiments/complete-spec.ts';
import { findGoneTasks } from '../store/extensions-of-runs.ts';
import { describeExperiments } from '../experiments/describe-experiments.ts';
import { estimateRun } from '../experiments/estimate-run.ts';
import { expectRun } from '../experiments/expect-run.ts';
import type { ApiContext, Implementer } from './context.ts';

export function createExperimentsRouter(os: Implementer['experiments'], { lab }: ApiContext) {
  const { backends } = lab;
  return {
    list: os.list.handler(async () => {
      const extensions = await lab.extensions.sound();
      return describeExperiments(extensions, findGoneTasks(lab.stores.lab, extensions));
    }),
    extensions: os.extensions.handler(async () => ({ folder: lab.extensions.folder, files: await lab.extensions.list() })),
    estimate: os.estimate.handler(async ({ input }) => {
      const spec = parseRunSpec(await completeSpec(lab.extensions, input.spec));
      const estimate = await estimateRun(lab.stores.lab, spec, backends.last, lab.extensions.folder);
      return { ...estimate, ...expectRun(lab.stores.lab, spec) };
    }),
    backends: os.backends.handler(async ({ input }) => {
      const found = input.examine ? await backends.examine() : backends.last;
      return { examinedAtMs: found?.examinedAtMs ?? null, reports: [...(found?.reports ?? [])] };
    }),
  };
}
