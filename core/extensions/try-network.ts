/** Runs a network of the user's on a small protocol and holds its gradients against central differences. */
import type { Operations, Tensor } from '../backend/operations.ts';
import { InputError } from '../contract/errors.ts';
import type { ExtensionOf } from '../contract/extension.ts';
import { plasticityParameters } from '../experiments/common-parameters.ts';
import { readParameters } from '../experiments/read-parameters.ts';
import type { NamedArrays } from '../files/named-arrays.ts';
import { createLearned, type NumberGradient } from '../networks/learned.ts';
import type { Network } from '../networks/network.ts';
import type { Protocol } from '../plasticity/protocol.ts';
import { createRandom } from '../random.ts';
import type { NetworkExtension, NetworkPlace, Settings } from './extension.ts';

const neurons = 6;
const batch = 2;
/** Single precision: small enough for the curvature, large enough for the rounding. */
const step = 0.01;
/** Of the largest derivative that is looked at in the array, or of `fewest`. */
const tolerance = 0.02;
const fewest = 0.02;
/** Entries of each array that are looked at. */
const looks = 6;

/** Free, partly clamped and wholly clamped steps, with input and without; the last neuron is the bias. */
const protocol: Protocol = {
  neurons,
  givens: 3,
  steps: [
    { free: { start: 0, end: 0 }, given: 0, label: 'shown' },
    { free: { start: 0, end: 5 }, given: 2, input: 1, label: 'input' },
    { free: { start: 0, end: 5 }, clamped: [1], given: 0, label: 'part' },
    { free: { start: 0, end: 5 }, given: 2, label: 'blank' },
    { free: { start: 0, end: 5 }, given: 2, input: 1, label: 'test' },
  ],
};

/** @throws InputError `extension-invalid` naming the array, the place and both values; what the file itself throws. */
export async function tryNetwork(
  extension: NetworkExtension,
  { parameters = {} }: ExtensionOf<'network'>,
  operations: Operations,
): Promise<void> {
  const settings = readParameters({ ...plasticityParameters({ scale: 0.5, eta: 0.1, source: '' }), ...parameters }, {});
  let network: Network | undefined;
  const create = (place: NetworkPlace) => (network = extension.create(place));
  try {
    await compare(create, settings, operations);
  } finally {
    network?.learned.dispose();
  }
}

async function compare(create: NetworkExtension['create'], settings: Settings, operations: Operations): Promise<void> {
  const random = createRandom(1, 'trial');
  const place = { neurons, inputs: 4, outputs: 4, inputScale: 1, settings, operations, random, createLearned };
  const network = create(place);
  const given = Float32Array.from({ length: protocol.givens * batch * neurons }, () => random.normal());
  for (let episode = 0; episode < batch; episode++) given[(2 * batch + episode) * neurons + neurons - 1] = 1;
  const last = protocol.steps.length;
  if (!network.steps(protocol).includes(last)) refuse(`steps must give the last step, ${last}, which the answer is read from`);
  // The loss is a fixed mixture of the judged neurons' last activations.
  const weights = Float32Array.from({ length: batch * network.width }, (_, at) =>
    at % network.width < place.outputs ? Math.sin(at + 1) : 0,
  );
  const loss = async () => {
    const y = operations.tidy(() => operations.keep(network.run(protocol, given, batch, { forGradients: false }).activation(last)));
    const [values] = await operations.read([y]);
    operations.dispose(y);
    if (values!.length !== weights.length) refuse(`activation must be [B, width], ${weights.length} numbers here, not ${values!.length}`);
    return values!.reduce((sum, value, at) => sum + value * weights[at]!, 0);
  };
  const gradients = await differentiate(operations, network, given, weights);
  const alive = operations.liveTensors();
  await loss();
  const left = operations.liveTensors() - alive;
  if (left > 0) refuse(`run leaves ${left} tensors behind: what it makes must not be kept beyond the batch`);
  const saved = await network.learned.capture();
  for (const [name, array] of Object.entries(saved)) {
    if (name.includes('.')) continue;
    const byHand = gradients[name] ?? refuse(`differentiate gives no gradient of ${name}`);
    const looked: { readonly at: number; readonly given: number; readonly difference: number }[] = [];
    for (const at of places(array.data.length)) {
      const [above, below] = [await shifted(network, saved, name, at, step, loss), await shifted(network, saved, name, at, -step, loss)];
      const difference = (above - below) / (2 * step);
      // What is stored may be padded.
      const columns = array.shape.at(-1)!;
      const given = byHand.values[Math.floor(at / columns) * byHand.columns + (at % columns)] ?? NaN;
      looked.push({ at, given, difference });
    }
    const largest = Math.max(fewest, ...looked.map(({ difference }) => Math.abs(difference)));
    const wrong = looked.find(({ given, difference }) => !(Math.abs(given - difference) <= tolerance * largest));
    if (wrong === undefined) continue;
    const { at, given, difference } = wrong;
    refuse(`the gradient of ${name}[${at}] is ${given.toPrecision(4)}, where central differences give ${difference.toPrecision(4)}`);
  }
}

async function differentiate(operations: Operations, network: Network, given: Float32Array, dy: Float32Array) {
  const { matrices, numbers } = operations.tidy(() => {
    const run = network.run(protocol, given, batch, { forGradients: true });
    const gradients = run.differentiate(new Map([[protocol.steps.length, operations.tensor(dy, [batch, network.width])]]));
    for (const tensor of Object.values(gradients.matrices)) operations.keep(tensor);
    for (const parts of Object.values(gradients.numbers)) for (const { tensor } of parts) operations.keep(tensor);
    return gradients;
  });
  const read = async (tensors: readonly Tensor[]) => {
    const values = await operations.read(tensors);
    for (const tensor of new Set(tensors)) operations.dispose(tensor);
    return values;
  };
  const found: Record<string, { readonly values: ArrayLike<number>; readonly columns: number }> = {};
  for (const [name, tensor] of Object.entries(matrices)) {
    const columns = tensor.shape.at(-1)!;
    const [values] = await read([tensor]);
    found[name] = { values: values!, columns };
  }
  for (const [name, parts] of Object.entries(numbers)) {
    const values = await read(parts.map(({ tensor }) => tensor));
    found[name] = { values: [values.reduce((sum, part, index) => sum + sumPart(part, parts[index]!), 0)], columns: 1 };
  }
  return found;
}

function sumPart(values: Float32Array, { factors }: NumberGradient): number {
  return values.reduce((sum, value, at) => sum + value * (factors?.[at] ?? 1), 0);
}

/** The loss with one learned number moved; it is put back. */
async function shifted(
  network: Network,
  saved: NamedArrays,
  name: string,
  at: number,
  by: number,
  loss: () => Promise<number>,
): Promise<number> {
  const array = saved[name]!;
  const data = array.data.slice();
  data[at]! += by;
  network.learned.restore({ ...saved, [name]: { ...array, data } });
  const value = await loss();
  network.learned.restore(saved);
  return value;
}

/** Some indices below `length`, spread over all. */
function places(length: number): number[] {
  if (length <= looks) return Array.from({ length }, (_, at) => at);
  return Array.from({ length: looks }, (_, index) => Math.floor(((index + 0.5) * length) / looks));
}

function refuse(rule: string): never {
  throw new InputError('extension-invalid', rule);
}
