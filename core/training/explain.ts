/** A run's plan for people: the protocol, its computing steps, rows, FLOPs and bytes, and why the cost model chose this form. */
import type { RunSpec } from '../contract/run-spec.ts';
import { rankForms, type Candidate } from '../plasticity/cost.ts';
import { isMixture } from '../plasticity/mixture.ts';
import { createPlan, type Chunk, type ComputingStep, type Plan } from '../plasticity/plan.ts';
import type { Protocol } from '../plasticity/protocol.ts';
import { agentSetupOf } from './agent-setup.ts';
import { estimateEpisode } from './estimate.ts';
import { protocolSpans } from './protocol-spans.ts';
import { drawFirstEpisode, type FirstEpisode } from './first-episode.ts';

export interface Explanation {
  readonly lines: readonly string[];
  /** The same as data: protocol, plan and candidates. */
  readonly json: unknown;
}

/** Explains the first training episode of a run. @throws InputError where a parameter breaks its rule. */
export function explainExperiment(spec: RunSpec): Explanation {
  if (agentSetupOf(spec) !== undefined) return explainAgent(spec);
  if (spec.experiment === 'omniglot') return explainFewShot(spec);
  return explainRecall(spec, drawFirstEpisode(spec));
}

/** The head of every explanation of a recall task. */
export function explainProtocol(spec: RunSpec, protocol: Protocol): string[] {
  return [
    `${spec.experiment} · ${spec.variant}: ${protocol.neurons} neurons, ${protocol.steps.length} steps an episode, batch ${spec.batch}`,
    '',
    'Protocol (of the first episode with this seed)',
    ...describeProtocol(protocol).map((line) => `  ${line}`),
    '',
  ];
}

export function explainRecall(spec: RunSpec, { protocol, alphaKind, rule }: FirstEpisode): Explanation {
  const head = explainProtocol(spec, protocol);
  if (alphaKind === undefined) {
    const lines = [...head, 'An LSTM computes every step; it has no plastic part, and so no plan to choose.'];
    return { lines, json: { spec, protocol: describeProtocolJson(protocol) } };
  }
  const candidates = rankForms(protocol, { batch: spec.batch, alphaKind, rule });
  const best = candidates[0]!;
  const plan = createPlan(protocol, best.options);
  const lines = [
    ...head,
    `Computing steps: ${plan.chunks.reduce((sum, chunk) => sum + chunk.steps.length, 0)} of ${protocol.steps.length}; in all others every neuron is clamped`,
    ...(alphaKind === 'free' ? describeSteps(plan) : []).map((line) => `  ${line}`),
    '',
    'Cost of an iteration (values and gradients, without the optimiser)',
    ...describeCost(best, plan, spec.batch).map((line) => `  ${line}`),
    '',
    'Forms, by estimated time',
    ...candidates.map((candidate) => `  ${candidate === best ? '→' : ' '} ${describeCandidate(candidate)}`),
    '',
    reason(candidates),
  ];
  const { chunks, width } = plan;
  return { lines, json: { spec, protocol: describeProtocolJson(protocol), width, chosen: best, candidates, chunks } };
}

function explainFewShot(spec: RunSpec): Explanation {
  const estimate = estimateEpisode(spec);
  const lines = [
    `${spec.experiment} · ${spec.variant}: ${estimate.steps - 1} presentations and a question an episode, batch ${spec.batch}`,
    '',
    'All images of the batch go through the convolutions in one pass; only the last layer is plastic, and it computes in double precision on the host.',
    '',
    `Cost of an iteration: ${giga(estimate.flops)} GFLOP, ${giga(estimate.arrayBytes)} GB of arrays; ${estimate.parameters} trained numbers`,
  ];
  return { lines, json: { spec, estimate } };
}

/** What the agent sees depends on what it did: there is no protocol, and so no plan to choose. */
function explainAgent(spec: RunSpec): Explanation {
  const estimate = estimateEpisode(spec);
  const lines = [
    `${spec.experiment} · ${spec.variant}: ${estimate.neurons} neurons, ${estimate.steps} steps an episode, batch ${spec.batch}`,
    '',
    'What the agent sees depends on what it did, so that no step can be planned before it comes.',
    ...(spec.variant === 'lstm'
      ? ['Form: an LSTM on the kernel of small networks, one episode at a time.']
      : [
          'Form: fused, one pass over w, alpha and the trace a step, one episode at a time, so that its trace stays in the cache;',
          '      on the way back the trace is walked back by inverting its changes.',
        ]),
    '',
    `Cost of an iteration: ${giga(estimate.flops)} GFLOP, ${giga(estimate.arrayBytes)} GB of arrays; ${estimate.parameters} trained numbers`,
  ];
  return { lines, json: { spec, estimate } };
}

function describeProtocol(protocol: Protocol): string[] {
  const parts = protocolSpans(protocol).map(
    ({ label, steps, computes }) => `${label} ×${steps}${computes > 0 ? ` (${computes} neurons compute)` : ''}`,
  );
  const lines: string[] = [];
  for (let at = 0; at < parts.length; at += 4) lines.push(parts.slice(at, at + 4).join(' → '));
  return lines;
}

export const describeProtocolJson = (protocol: Protocol) => ({
  neurons: protocol.neurons,
  steps: protocol.steps.length,
  spans: protocolSpans(protocol),
});

function describeSteps(plan: Plan): string[] {
  const name = (chunk: Chunk, row: number | undefined) => {
    const source = row === undefined ? undefined : chunk.table[row];
    return source === undefined ? 'zero' : source.kind === 'given' ? `image ${source.given + 1}` : `y(${source.step})`;
  };
  const line = (chunk: Chunk, step: ComputingStep) =>
    [
      `step ${String(step.step).padStart(3)}`,
      `y(t-1) = ${name(chunk, step.previous).padEnd(8)}`,
      `${String(step.fresh.length).padStart(3)} new rows`,
      mixed(step),
      step.order.length > step.fresh.length ? `+ ${step.order.length - step.fresh.length} met before` : '',
      `columns ${step.columns.start}–${step.columns.end}`,
    ]
      .filter(Boolean)
      .join('  ');
  const mixed = ({ fresh }: ComputingStep) => {
    const mixtures = fresh.filter(isMixture);
    const terms = mixtures.reduce((sum, mixture) => sum + mixture.terms.length, 0);
    return terms === 0 ? '' : `(${mixtures.length} for ${terms} terms)`;
  };
  return plan.chunks.flatMap((chunk) => chunk.steps.map((step) => line(chunk, step)));
}

const giga = (value: number) => (value / 1e9).toPrecision(3);

function describeCost({ cost }: Candidate, plan: Plan, batch: number): string[] {
  const { neurons, steps } = plan.protocol;
  const naive = steps.length * neurons ** 2 * 4 * 20 * batch;
  return [
    `rows multiplied by alpha: ${cost.rows} an episode`,
    `products: ${giga(cost.flops.forward)} GFLOP forward, ${giga(cost.flops.backward)} GFLOP backward`,
    `elementwise traffic: ${giga(cost.bytes)} GB in about ${cost.operations} operations`,
    `the published form, a dense trace at every step: about ${giga(naive)} GB of traffic`,
  ];
}

function describeCandidate({ form, options, cost }: Candidate): string {
  const what = form === 'chunked' ? `chunked (${options.chunkLength} steps)` : form;
  const kept = options.keepProducts ? ', products kept' : '';
  return `${(what + kept).padEnd(32)} ${(cost.seconds * 1e3).toFixed(0).padStart(7)} ms  ${giga(cost.flops.forward + cost.flops.backward).padStart(6)} GFLOP  ${giga(cost.bytes).padStart(6)} GB`;
}

function reason(candidates: readonly Candidate[]): string {
  const best = candidates[0]!;
  const other = candidates.find((candidate) => candidate.form !== best.form);
  if (!other) return `${best.form} is the only form.`;
  const ratio = (other.cost.seconds / best.cost.seconds).toPrecision(2);
  return `${describeForm(best)} is chosen: by these rough speeds the next other form, ${describeForm(other)}, takes ${ratio} times as long.`;
}

const describeForm = ({ form, options }: Candidate) => (form === 'chunked' ? `chunked (${options.chunkLength} steps)` : form);
