/** One iteration of the images experiment in each of our forms, ready to be repeated. */
import { readImagesParameters } from '../core/experiments/images.ts';
import { createRunSpec } from '../core/experiments/create-run-spec.ts';
import { differentiateDense, runDense } from '../core/plasticity/dense.ts';
import { planCost, rankForms } from '../core/plasticity/cost.ts';
import { createPlanChooser } from '../core/plasticity/plan-chooser.ts';
import { runEpisode } from '../core/plasticity/episode.ts';
import { paddedWidth, resizeMatrix } from '../core/plasticity/layout.ts';
import { createPlan } from '../core/plasticity/plan.ts';
import { createRandom } from '../core/random.ts';
import { drawImageBatch, drawImageProtocol, imageNeurons } from '../core/tasks/image-recall.ts';
import { adamStep } from '../core/networks/adam.ts';
import { createTraining } from '../core/training/create-training.ts';
import type { Backend, Operations, Parameter, Tensor } from '../core/backend/operations.ts';
import type { Candidate } from '../core/plasticity/cost.ts';
import type { Protocol } from '../core/plasticity/protocol.ts';
import type { RecallBatch } from '../core/tasks/recall.ts';
import { createSyntheticImages } from './synthetic-images.ts';
import type { Job } from './messages.ts';

export interface Form {
  /** The plan that its iterations follow, in words. */
  readonly plan: string;
  iterate(): Promise<Iteration>;
}

export interface Iteration {
  readonly loss: number;
  /** Floating-point operations of the products of the plan that was executed. */
  readonly usefulFlops?: number;
}

const seed = 1;
const options = readImagesParameters({});
const neurons = imageNeurons(options);
const pixels = neurons - 1;

export async function createForm(job: Job, backend: Backend | undefined): Promise<Form> {
  if (job.form === 'reference') return createReference();
  if (!backend) throw new TypeError(`the form ${job.form} needs a backend`);
  return job.form === 'dense' ? createDense(backend.operations, job.batch) : await createTrainingForm(job, backend);
}

/** A run's own training, as the trainer drives it. */
async function createTrainingForm({ batch, precision, backend: choice }: Job, backend: Backend): Promise<Form> {
  const spec = createRunSpec({ experiment: 'images', backend: choice, batch, precision, seed });
  const training = await createTraining(spec, { kind: 'images', dataset: createSyntheticImages(options.imageSize) }, backend);
  // The training draws its protocols from the same stream, so these are the ones that it executes.
  const protocols = createRandom(seed, 'protocols');
  const first = drawImageProtocol(options, createRandom(seed, 'protocols')).protocol;
  return {
    plan: describeForm(rankForms(first, { batch, alphaKind: 'free', rule: options.rule })[0]!),
    iterate: async () => {
      const { loss } = await training.step(batch);
      return { loss, usefulFlops: usefulFlops(drawImageProtocol(options, protocols).protocol, batch) };
    },
  };
}

export function describeForm({ form, options }: Pick<Candidate, 'form' | 'options'>): string {
  const name = form === 'chunked' ? `chunked, ${options.chunkLength} steps` : form;
  return options.keepProducts ? `${name}, products kept` : name;
}

function usefulFlops(protocol: Protocol, batch: number): number {
  const { forward, backward } = planCost(
    createPlanChooser().choose(protocol, { batch, alphaKind: 'free', rule: options.rule }),
    batch,
    'free',
  ).flops;
  return forward + backward;
}

/** Our engine with a chunk a step: a dense trace that is updated, and differentiated, at every step. */
function createDense(operations: Operations, batch: number): Form {
  const width = paddedWidth(neurons);
  const random = createRandom(seed, 'initial weights');
  const parameter = () => createParameter(operations, width, () => 0.01 * random.normal());
  const [w, alpha] = [parameter(), parameter()];
  const protocols = createRandom(seed, 'protocols');
  const patterns = createRandom(seed, 'patterns');
  const images = createSyntheticImages(options.imageSize).training;
  let iteration = 0;
  const oneIteration = async (episode: RecallBatch): Promise<Iteration> => {
    const plan = createPlan(episode.protocol, { chunkLength: 1, keepProducts: false, mixTerms: false });
    const last = episode.protocol.steps.length;
    const kept = operations.tidy(() => {
      const network = { rule: 'hebb' as const, w: w.value(), alpha: alpha.value(), eta: options.initialEta };
      const run = runEpisode(operations, plan, network, episode.given, batch, { forGradients: true });
      const error = operations.subtract(run.activation(last), targetsOf(operations, episode, width));
      const gradients = run.differentiate(new Map([[last, operations.scale(error, 2 / batch)]]));
      const step = adamStep({ learningRate: options.learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, ++iteration);
      w.adam(gradients.w, step);
      alpha.adam(gradients.alpha!, step);
      return [operations.sumSquares(error), ...gradients.eta.map(({ tensor }) => tensor)].map(operations.keep);
    });
    const [squares] = await operations.read(kept);
    kept.forEach((tensor) => operations.dispose(tensor));
    const { forward, backward } = planCost(plan, batch, 'free').flops;
    return { loss: squares![0]! / batch, usefulFlops: forward + backward };
  };
  return {
    plan: 'dense',
    iterate: () => oneIteration(drawImageBatch(options, drawImageProtocol(options, protocols), images, batch, patterns)),
  };
}

function createParameter(operations: Operations, width: number, value: () => number): Parameter {
  const zeros = () => new Float32Array(width * width);
  const values = resizeMatrix(Float32Array.from({ length: neurons ** 2 }, value), neurons, width, width);
  return operations.parameter({ value: values, firstMoment: zeros(), secondMoment: zeros() }, [width, width]);
}

/** [B, width], with the bias neuron's 1. */
function targetsOf(operations: Operations, { targets, batch }: RecallBatch, width: number): Tensor {
  const wide = resizeMatrix(targets, pixels, batch, width);
  for (let episode = 0; episode < batch; episode++) wide[episode * width + pixels] = 1;
  return operations.tensor(wide, [batch, width]);
}

/** The readable reference in double precision; values and gradients only. */
function createReference(): Form {
  const random = createRandom(seed, 'initial weights');
  const matrix = () => Float64Array.from({ length: neurons ** 2 }, () => 0.01 * random.normal());
  const network = { rule: 'hebb' as const, w: matrix(), alpha: matrix(), eta: options.initialEta };
  const images = createSyntheticImages(options.imageSize).training;
  return {
    plan: 'the readable reference, double precision, without optimiser',
    iterate: () => {
      const { protocol, given, targets } = drawImageBatch(options, drawImageProtocol(options, random), images, 1, random);
      const trajectory = runDense(protocol, network, Float64Array.from(given));
      const error = trajectory.y.at(-1)!.map((value, neuron) => (neuron < pixels ? value - targets[neuron]! : 0));
      differentiateDense(protocol, network, trajectory, new Map([[protocol.steps.length, error.map((value) => 2 * value)]]));
      return Promise.resolve({ loss: error.reduce((sum, value) => sum + value * value, 0) });
    },
  };
}
