/** Procedures about metrics. */
import { curves, locate } from '../store/curves.ts';
import { metricNames, spread, thinned, valuesAt, valuesOf } from '../store/series.ts';
import { findId, findIds, type ApiContext, type Implementer } from './context.ts';

export function createMetricsRouter(os: Implementer['metrics'], { lab }: ApiContext) {
  return {
    names: os.names.handler(({ input: { run } }) => metricNames(lab.stores.series, findId(lab, run))),
    values: os.values.handler(({ input: { run, name, ...range } }) => valuesOf(lab.stores.series, findId(lab, run), name, range)),
    at: os.at.handler(({ input: { run, iteration } }) => valuesAt(lab.stores.series, findId(lab, run), iteration)),
    thinned: os.thinned.handler(({ input: { runs, names, ...range } }) => thinned(lab.stores.series, findIds(lab, runs), names, range)),
    curves: os.curves.handler(({ input: { runs, ...query } }) => curves(lab.stores.series, findIds(lab, runs), query)),
    locate: os.locate.handler(({ input: { runs, ...query } }) => locate(lab.stores.series, findIds(lab, runs), query)),
    spread: os.spread.handler(({ input: { runs, name, ...range } }) => spread(lab.stores.series, findIds(lab, runs), name, range)),
  };
}
