/** How a run stands to what is expected of it, and its word in the journal when that changes. */
import type { RunDataset } from '../../core/contract/dataset-description.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import type { Verdict } from '../../core/contract/verdict.ts';
import { experimentOf } from '../../core/experiments/index.ts';
import { judge } from '../../core/experiments/reference.ts';
import type { Training } from '../../core/training/training.ts';
import type { RecentMeans } from './recent-means.ts';
import type { Session } from './session.ts';

export interface VerdictWatch {
  /** Undefined before the first iteration. */
  judge(): Verdict | undefined;
  /**
   * Tells of a verdict of another kind that two looks in a row agree in: means wander over the edges of a band, and an agent's reward falls back for a
   * while. A run that is taken up says again how it stands.
   */
  look(): void;
}

export function watchVerdict(
  spec: RunSpec,
  { format, classes }: RunDataset,
  training: Pick<Training, 'episodes'>,
  recent: Pick<RecentMeans, 'means'>,
  session: Pick<Session, 'event'>,
): VerdictWatch {
  const experiment = experimentOf(spec);
  let told: Verdict['kind'] = 'not-yet';
  let last: Verdict['kind'] | undefined;
  const judgeNow = () => {
    const means = recent.means();
    return means && judge(experiment, spec, { episodes: training.episodes, ...means, dataset: format, classes });
  };
  return {
    judge: judgeNow,
    look() {
      const verdict = judgeNow();
      const isSteady = verdict?.kind === last;
      last = verdict?.kind;
      if (verdict === undefined || !isSteady || verdict.kind === told || verdict.kind === 'no-reference') return;
      told = verdict.kind;
      session.event('verdict', verdict.text, verdict.kind === 'not-learning' ? 'warning' : 'info');
    },
  };
}
