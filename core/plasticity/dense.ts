/**
 * The readable reference: the episode as the paper writes it, step by step with a dense trace, in double precision, one episode at a
 * time. Everything else in this folder must agree with it. Slow and hungry on purpose: O(T N²) time and memory.
 */
import { checkProtocol } from './protocol.ts';
import { connectionRules, type ConnectionRule, type RuleDerivatives } from './connection-rule.ts';
import type { Protocol, Rule } from './protocol.ts';

export interface DenseNetwork {
  readonly rule: Rule | ConnectionRule;
  /** [N, N] as [pre, post]. */
  readonly w: Float64Array;
  /** [N, N], one number for a yoked network, or undefined for a non-plastic one. */
  readonly alpha: Float64Array | number | undefined;
  readonly eta: number;
}

export interface DenseTrajectory {
  /** y[t] is y(t), [N]; y[0] = 0. */
  readonly y: readonly Float64Array[];
  /** hebb[t] is hebb(t) before step t, [N, N]; hebb[1] = 0; the last, hebb[T + 1], is the trace after the episode. */
  readonly hebb: readonly Float64Array[];
}

export interface DenseGradients {
  readonly w: Float64Array;
  /** [N, N], or [1] for a yoked network, or [0] for a non-plastic one. */
  readonly alpha: Float64Array;
  readonly eta: number;
}

/** Which neurons a step computes, as booleans. */
function freeNeurons(protocol: Protocol, step: number): boolean[] {
  const { free, clamped = [] } = protocol.steps[step - 1]!;
  const fixed = new Set(clamped);
  return Array.from({ length: protocol.neurons }, (_, j) => j >= free.start && j < free.end && !fixed.has(j));
}

const resolve = (rule: DenseNetwork['rule']) => (typeof rule === 'string' ? connectionRules[rule] : rule);

const alphaAt = (alpha: DenseNetwork['alpha'], index: number) => (typeof alpha === 'object' ? alpha[index]! : (alpha ?? 0));

/**
 * Runs one episode.
 * @param given [G, N]: the vectors that the protocol's steps name.
 * @throws InputError `protocol-invalid` when the protocol contradicts itself.
 */
export function runDense(protocol: Protocol, network: DenseNetwork, given: Float64Array): DenseTrajectory {
  checkProtocol(protocol);
  const n = protocol.neurons;
  const { w, alpha, eta } = network;
  const rule = resolve(network.rule);
  const y = [new Float64Array(n)];
  const hebb = [new Float64Array(0), new Float64Array(n * n)];
  for (let t = 1; t <= protocol.steps.length; t++) {
    const step = protocol.steps[t - 1]!;
    const free = freeNeurons(protocol, t);
    const before = y[t - 1]!;
    const trace = hebb[t]!;

    // a(t) = y(t-1) · (w + alpha ∘ hebb(t)) + input(t);  y(t) = clamp ? given : tanh(a)
    const now = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      if (!free[j]) {
        now[j] = given[step.given * n + j]!;
        continue;
      }
      let drive = step.input === undefined ? 0 : given[step.input * n + j]!;
      for (let i = 0; i < n; i++) drive += before[i]! * (w[i * n + j]! + alphaAt(alpha, i * n + j) * trace[i * n + j]!);
      now[j] = Math.tanh(drive);
    }

    // hebb(t+1) from y(t-1) and y(t), unless it begins anew
    const next = new Float64Array(n * n);
    const isCleared = t + 1 === protocol.clearedAt;
    for (let i = 0; i < n && !isCleared; i++) {
      for (let j = 0; j < n; j++) {
        next[i * n + j] = rule.next(trace[i * n + j]!, before[i]!, now[j]!, eta);
      }
    }
    y.push(now);
    hebb.push(next);
  }
  return { y, hebb };
}

/**
 * Gradients of a loss by backpropagation through the whole episode, by hand.
 * @param dy step → ∂loss/∂y(step), [N]; the loss may look at any steps.
 */
export function differentiateDense(
  protocol: Protocol,
  network: DenseNetwork,
  trajectory: DenseTrajectory,
  dy: ReadonlyMap<number, Float64Array>,
): DenseGradients {
  const n = protocol.neurons;
  const { w, alpha, eta } = network;
  const rule = resolve(network.rule);
  const through: RuleDerivatives = { trace: 0, before: 0, now: 0, eta: 0 };
  const dw = new Float64Array(n * n);
  const dalpha = new Float64Array(alpha === undefined ? 0 : typeof alpha === 'number' ? 1 : n * n);
  let deta = 0;
  let dTrace = new Float64Array(n * n);
  let dNow = new Float64Array(n);
  for (let t = protocol.steps.length; t >= 1; t--) {
    const before = trajectory.y[t - 1]!;
    const now = trajectory.y[t]!;
    const trace = trajectory.hebb[t]!;
    const free = freeNeurons(protocol, t);
    dy.get(t)?.forEach((value, j) => (dNow[j]! += value));
    const dBefore = new Float64Array(n);
    const dOld = new Float64Array(n * n);

    // Through hebb(t+1), which y(t-1), y(t), hebb(t) and eta made.
    const isCleared = t + 1 === protocol.clearedAt;
    for (let i = 0; i < n && !isCleared; i++) {
      for (let j = 0; j < n; j++) {
        const at = i * n + j;
        const d = dTrace[at]!;
        rule.derivatives(trace[at]!, before[i]!, now[j]!, eta, through);
        dBefore[i]! += d * through.before;
        dNow[j]! += d * through.now;
        dOld[at] = d * through.trace;
        deta += d * through.eta;
      }
    }

    // Through y(t) = tanh(a(t)) where it was computed.
    for (let j = 0; j < n; j++) {
      if (!free[j]) continue;
      const d = dNow[j]! * (1 - now[j]! ** 2);
      for (let i = 0; i < n; i++) {
        const at = i * n + j;
        const plasticity = alphaAt(alpha, at);
        dw[at]! += before[i]! * d;
        if (typeof alpha === 'number') dalpha[0]! += before[i]! * trace[at]! * d;
        else if (alpha) dalpha[at]! += before[i]! * trace[at]! * d;
        dBefore[i]! += (w[at]! + plasticity * trace[at]!) * d;
        dOld[at]! += before[i]! * plasticity * d;
      }
    }
    dNow = dBefore;
    dTrace = dOld;
  }
  return { w: dw, alpha: dalpha, eta: deta };
}
