/** What is expected of a run, as an area behind its curve. */
import type { RunDetails } from '../../core/contract/api/runs.ts';
import { bandAt } from '../../core/contract/verdict.ts';
import type { ChartLine } from '../charts/lines.ts';
import type { ChartLink } from '../charts/link.svelte.ts';

const places = 80;
/** The grey of the series' colours. */
const look = { colour: 8, dash: 0 };

/**
 * None where nothing is expected of this metric, or along the clock, of which the paper says nothing. A lone point's band is level from the curve's
 * beginning: a run on its way to it sees where it has to get.
 */
export function referenceLines({ reference, spec, iteration, episodes }: RunDetails, name: string, { along }: ChartLink): ChartLine[] {
  if (reference?.metric !== name || along === 'seconds') return [];
  const { points } = reference;
  const first = points.length === 1 ? Math.min(spec.batch, points[0]!.episodes) : points[0]!.episodes;
  const last = Math.max(points.at(-1)!.episodes, spec.episodes);
  const perIteration = along === 'episodes' || iteration === 0 ? 1 : episodes / iteration;
  const at = Array.from({ length: places }, (_, index) => first * (last / first) ** (index / (places - 1)));
  const band = at.map((place) => bandAt(points, Math.max(points[0]!.episodes, place))!);
  return [
    {
      key: 'reference',
      label: 'reference',
      look,
      path: { x: new Float64Array(), y: new Float64Array() },
      band: {
        x: Float64Array.from(at, (place) => place / perIteration),
        lower: Float64Array.from(band, ({ low }) => low),
        upper: Float64Array.from(band, ({ high }) => high),
      },
    },
  ];
}
