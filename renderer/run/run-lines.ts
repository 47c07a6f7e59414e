/** From a curve to what is drawn of it: the mean or its smoothing, the values behind it, what lies between the extremes, and the evaluations. */
import type { RunDetails } from '../../core/contract/api/runs.ts';
import type { Curve } from '../charts/curve.ts';
import type { ChartLine, Look, Path } from '../charts/lines.ts';
import type { ChartLink } from '../charts/link.svelte.ts';
import { metricWords } from '../charts/metrics.ts';
import { smooth } from '../charts/smooth.ts';
import { experiments } from '../experiments.svelte.ts';

export function lineOf(run: RunDetails, name: string, curve: Curve, link: ChartLink, look: Look): ChartLine {
  const path = smooth(curve, link.smoothing);
  const dots = evaluationsOf(run, name, link);
  return {
    ...{ key: name, label: metricWords(name).label, look, path },
    ...(path.y === curve.mean ? {} : { raw: { x: curve.x, y: curve.mean } }),
    ...(curve.bucket === 1 ? {} : { band: { x: curve.x, lower: curve.min, upper: curve.max } }),
    ...(dots === undefined ? {} : { dots }),
  };
}

/** On held-out episodes; they have a place among iterations and episodes, and none in time. */
function evaluationsOf({ evaluations, spec }: RunDetails, name: string, { along }: ChartLink): Path | undefined {
  const part = name === 'loss' ? 'loss' : name === experiments.scoreOf(spec.experiment).name ? 'score' : undefined;
  if (part === undefined || along === 'seconds' || evaluations.length === 0) return undefined;
  const sorted = evaluations.toSorted((a, b) => a.iteration - b.iteration);
  return {
    x: Float64Array.from(sorted, (evaluation) => evaluation[along]),
    y: Float64Array.from(sorted, (evaluation) => evaluation[part]),
  };
}
