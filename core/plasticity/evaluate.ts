/** Runs an episode on a backend from plain arrays and gives plain arrays back: for self-tests, the golden episode and comparisons. */
import { runEpisode } from './episode.ts';
import { resizeMatrix } from './layout.ts';
import type { Operations, Tensor } from '../backend/operations.ts';
import type { EtaGradient } from './rule.ts';
import type { Plan } from './plan.ts';
import type { Rule } from './protocol.ts';

export interface PlainNetwork {
  readonly rule: Rule;
  /** [N, N]. */
  readonly w: Float32Array;
  /** [N, N], one number, or undefined. */
  readonly alpha: Float32Array | number | undefined;
  readonly eta: number;
}

export interface PlainResult {
  /** Computing step → y(step), [B, N]. */
  readonly y: ReadonlyMap<number, Float32Array>;
  /** [N, N]. */
  readonly w: Float32Array;
  /** [N, N], or [1] for a yoked network, or [0]. */
  readonly alpha: Float32Array;
  readonly eta: number;
}

/**
 * One batch, forward and backward.
 * @param given [G, B, N].
 * @param dy step → ∂loss/∂y(step), [B, N].
 */
export async function evaluateEpisode(
  operations: Operations,
  plan: Plan,
  network: PlainNetwork,
  given: Float32Array,
  batch: number,
  dy: ReadonlyMap<number, Float32Array>,
): Promise<PlainResult> {
  const { neurons, steps } = plan.protocol;
  const { width } = plan;
  const square = (values: Float32Array) => operations.tensor(resizeMatrix(values, neurons, width, width), [width, width]);
  const pending: { names: string[]; tensors: Tensor[]; eta: readonly EtaGradient[] } = { names: [], tensors: [], eta: [] };
  const queue = (name: string, tensor: Tensor) => {
    pending.names.push(name);
    pending.tensors.push(operations.keep(tensor));
  };
  operations.tidy(() => {
    const alpha = typeof network.alpha === 'object' ? square(network.alpha) : network.alpha;
    const learned = { rule: network.rule, w: square(network.w), alpha, eta: network.eta };
    const trajectory = runEpisode(operations, plan, learned, given, batch, { forGradients: true });
    steps.forEach((step, index) => {
      if (step.free.end > step.free.start) queue(`y${index + 1}`, trajectory.activation(index + 1));
    });
    const wide = new Map(
      [...dy].map(([step, values]) => [step, operations.tensor(resizeMatrix(values, neurons, batch, width), [batch, width])]),
    );
    const gradients = trajectory.differentiate(wide);
    queue('w', gradients.w);
    if (gradients.alpha) queue('alpha', gradients.alpha);
    gradients.yokedAlpha.forEach((part, index) => queue(`yoked${index}`, part));
    gradients.eta.forEach((part, index) => queue(`eta${index}`, part.tensor));
    pending.eta = gradients.eta;
  });
  const values = await operations.read(pending.tensors);
  pending.tensors.forEach((tensor) => operations.dispose(tensor));
  const named = new Map(pending.names.map((name, index) => [name, values[index]!]));
  const crop = (values: Float32Array, rows: number) => resizeMatrix(values, width, rows, neurons);
  const yoked = [...named].filter(([name]) => name.startsWith('yoked')).flatMap(([, part]) => [...part]);
  const alpha = named.get('alpha');
  return {
    y: new Map(
      [...named]
        .filter(([name]) => name.startsWith('y') && !name.startsWith('yo'))
        .map(([name, part]) => [Number(name.slice(1)), crop(part, batch)]),
    ),
    w: crop(named.get('w')!, neurons),
    alpha: alpha
      ? crop(alpha, neurons)
      : typeof network.alpha === 'number'
        ? Float32Array.of(yoked.reduce((sum, part) => sum + part, 0))
        : new Float32Array(0),
    eta: pending.eta.reduce((sum, part, index) => sum + etaPart(named.get(`eta${index}`)!, part.factors), 0),
  };
}

/** Σ values ∘ factors in double precision. */
function etaPart(values: Float32Array, factors: Float64Array): number {
  return values.reduce((sum, value, index) => sum + value * factors[index]!, 0);
}
