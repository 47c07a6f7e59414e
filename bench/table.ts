/** From measurements to the rows of the table. */
import { median, spread, type Spread } from './statistics.ts';
import type { Measurement } from './rounds.ts';
import type { Sample } from './messages.ts';

export interface Row {
  readonly form: string;
  readonly backend: string;
  readonly precision: string;
  readonly batch: number;
  readonly secondsAnIteration: number;
  readonly episodesPerSecond: number;
  /** Episodes a second ÷ those of dense PyTorch in the same round, over the rounds; undefined without PyTorch. */
  readonly ratio: Spread | undefined;
  readonly peakRssBytes: number | undefined;
  /** Floating-point operations of the products of the plan as executed, an iteration. */
  readonly usefulFlops: number | undefined;
  /** GFLOP/s of the product [1025, 1025]² in the same process. */
  readonly productGigaflops: number | undefined;
  /** Useful operations a second ÷ those of the large product. */
  readonly share: number | undefined;
}

const secondsOf = (samples: readonly Sample[]) => median(samples.map(({ seconds }) => seconds));

/** PyTorch, where it was measured, is the first of `measurements`. */
export function createRows(measurements: readonly Measurement[]): Row[] {
  const pytorch = measurements.find(({ contender }) => contender.job === undefined);
  return measurements.map((measurement) => createRow(measurement, pytorch));
}

function createRow({ contender, ready, rounds, products }: Measurement, pytorch: Measurement | undefined): Row {
  const { job, batch } = contender;
  const samples = rounds.flat();
  const secondsAnIteration = secondsOf(samples);
  const ratios = pytorch && rounds.map((round, index) => (batch * secondsOf(pytorch.rounds[index]!)) / secondsOf(round));
  const peaks = samples.flatMap(({ peakRssBytes }) => peakRssBytes ?? []);
  const flops = samples.flatMap((sample) => sample.usefulFlops ?? []);
  const usefulFlops = flops.length > 0 ? flops.reduce((sum, each) => sum + each, 0) / flops.length : undefined;
  const productGigaflops = products.length > 0 ? median(products) : undefined;
  return {
    form: job === undefined ? contender.name : (ready.plan ?? job.form),
    backend: job === undefined ? `PyTorch ${ready.version ?? ''}` : job.form === 'reference' ? 'JavaScript' : job.backend,
    precision: job?.form === 'reference' ? 'float64' : (job?.precision ?? 'float32'),
    batch,
    secondsAnIteration,
    episodesPerSecond: batch / secondsAnIteration,
    ratio: ratios && spread(ratios),
    peakRssBytes: peaks.length > 0 ? Math.max(...peaks) : undefined,
    usefulFlops,
    productGigaflops,
    share:
      usefulFlops === undefined || productGigaflops === undefined ? undefined : usefulFlops / secondsAnIteration / (productGigaflops * 1e9),
  };
}
