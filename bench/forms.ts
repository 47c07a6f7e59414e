/** Times the engine's forms on a few protocols and compares their order with the one that the cost model gives. */
import { readImagesParameters } from '../core/experiments/images.ts';
import { rankForms } from '../core/plasticity/cost.ts';
import { runEpisode } from '../core/plasticity/episode.ts';
import { paddedWidth, resizeMatrix } from '../core/plasticity/layout.ts';
import { createPlan } from '../core/plasticity/plan.ts';
import { createRandom } from '../core/random.ts';
import { drawImageProtocol } from '../core/tasks/image-recall.ts';
import { formatTable } from '../main/cli/format.ts';
import { openBackend } from './open-backend.ts';
import { readOptions } from './options.ts';
import { describeForm } from './own-forms.ts';
import { median } from './statistics.ts';
import type { Operations } from '../core/backend/operations.ts';
import type { Candidate } from '../core/plasticity/cost.ts';
import type { Plan } from '../core/plasticity/plan.ts';
import type { Protocol } from '../core/plasticity/protocol.ts';

interface Shape {
  readonly name: string;
  readonly protocol: Protocol;
  readonly batches: readonly number[];
}

/** A form that is estimated to take this many times the best one's time is not measured. */
const worthMeasuring = 20;
/** A choice within this factor of the fastest is as good: measurements of one form differ by that much. */
const goodEnough = 1.15;
const random = createRandom(1, 'bench of forms');

const shapes: readonly Shape[] = [
  {
    name: 'images: N = 1025, 21 of 201 steps compute',
    protocol: drawImageProtocol(readImagesParameters({}), random).protocol,
    batches: [1, 8],
  },
  { name: 'small: N = 101, each of 100 steps computes', protocol: computingProtocol(101, 100), batches: [1, 30] },
];

/** Like an agent's episode: every step computes all neurons but the bias, from a fresh input. */
function computingProtocol(neurons: number, steps: number): Protocol {
  const inputs = 8;
  return {
    neurons,
    givens: inputs,
    steps: Array.from({ length: steps }, (_, step) => {
      const row = step % inputs;
      return { free: { start: 0, end: neurons - 1 }, given: row, input: row, label: 'step' };
    }),
  };
}

const options = readOptions(process.argv.slice(2));
const job = { backend: options.backends?.[0] ?? 'tensorflow', precision: options.precisions?.[0] ?? 'float32' } as const;
const { operations, device } = await openBackend(job);
if (!options.json) console.log(device);
const results = [];
for (const { name, protocol, batches } of shapes) {
  for (const batch of options.batches ?? batches) {
    const ranked = rankForms(protocol, { batch, alphaKind: 'free', rule: 'hebb' });
    const worthwhile = ranked.filter(({ cost }) => cost.seconds <= worthMeasuring * ranked[0]!.cost.seconds);
    const times = await measureAll(operations, protocol, batch, worthwhile);
    const rows = worthwhile.map((candidate, index) => ({ ...candidate, seconds: median(times[index]!) }));
    const fastest = Math.min(...rows.map(({ seconds }) => seconds));
    const isGood = rows[0]!.seconds <= goodEnough * fastest;
    results.push({ name, batch, isGood, chosenOverFastest: rows[0]!.seconds / fastest, rows });
    if (!options.json) print(name, batch, rows, rows[0]!.seconds / fastest);
  }
}
if (options.json) console.log(JSON.stringify({ device, results }));
process.exit(0);

/** Seconds of values and gradients, several times for each candidate, all candidates in turn: the machine's speed drifts. */
async function measureAll(on: Operations, protocol: Protocol, batch: number, candidates: readonly Candidate[]): Promise<number[][]> {
  const { neurons, givens, steps } = protocol;
  const width = paddedWidth(neurons);
  const values = (count: number, scale: number) => Float32Array.from({ length: count }, () => scale * random.normal());
  const square = () => on.tensor(resizeMatrix(values(neurons ** 2, 0.01), neurons, width, width), [width, width]);
  const [w, alpha] = [square(), square()];
  const given = values(givens * batch * neurons, 0.5);
  const dy = on.tensor(resizeMatrix(values(batch * neurons, 1), neurons, batch, width), [batch, width]);
  const network = { rule: 'hebb' as const, w, alpha, eta: 0.01 };
  const plans = candidates.map((candidate) => createPlan(protocol, candidate.options));
  const runOnce = async (plan: Plan): Promise<number> => {
    const startedMs = performance.now();
    const result = on.tidy(() => {
      const trajectory = runEpisode(on, plan, network, given, batch, { forGradients: true });
      const gradients = trajectory.differentiate(new Map([[steps.length, dy]]));
      return on.keep(on.addAll([gradients.w, gradients.alpha!].map(on.sumSquares)));
    });
    await on.read([result]);
    on.dispose(result);
    return (performance.now() - startedMs) / 1e3;
  };

  const times = candidates.map((): number[] => []);
  const startedMs = performance.now();
  const budgetMs = 1e3 * options.seconds * candidates.length;
  for (let round = 0; round < 3 || performance.now() - startedMs < budgetMs; round++) {
    for (const [index, plan] of plans.entries()) {
      const seconds = await runOnce(plan);
      if (round > 0) times[index]!.push(seconds); // the first touches fresh memory
    }
  }
  [w, alpha, dy].forEach((tensor) => on.dispose(tensor));
  return times;
}

function print(name: string, batch: number, rows: readonly (Candidate & { seconds: number })[], lost: number): void {
  const milliseconds = (seconds: number) => (seconds * 1e3).toFixed(1);
  const places = [...rows].sort((a, b) => a.seconds - b.seconds);
  const lines = rows.map((row) => [
    describeForm(row),
    milliseconds(row.cost.seconds),
    milliseconds(row.seconds),
    String(places.indexOf(row) + 1),
  ]);
  console.log(`\n${name}, batch ${batch}`);
  for (const line of formatTable([['form, as the model ranks them', 'model ms', 'measured ms', 'place'], ...lines]))
    console.log(`  ${line}`);
  console.log(lost <= goodEnough ? '  the choice is good' : `  the chosen form takes ${lost.toFixed(2)} times as long as the fastest`);
}
