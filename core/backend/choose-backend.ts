/**
 * Finds the backend that a run will use. `auto` takes the first that works of TensorFlow, WebGPU, WASM and plain JavaScript.
 *
 * TensorFlow comes first even where it has only the CPU: it is the fastest measured, gives the same bits on every run, and an episode's
 * thousand small operations cost more on WebGPU than there; `--backend webgpu` takes the card. A graphics card that the CPU emulates is
 * never taken unasked.
 */
import { FailureError, InputError } from '../contract/errors.ts';
import { checkGoldenEpisode } from '../plasticity/golden.ts';
import { checkGoldenProduct, measureProductError, productTolerances } from '../plasticity/golden-product.ts';
import { explainFault } from './backend-fault.ts';
import { backendNames, startBackend } from './backend-creators.ts';
import type { StartBackend, StartedBackend } from './backend-creators.ts';
import type { Backend, BackendName, Precision } from './operations.ts';

export interface BackendChoice {
  readonly backend: 'auto' | BackendName;
  /** A name that `doctor` lists. */
  readonly device?: string;
  readonly precision: Precision;
}

/**
 * Starts a backend and checks that it reproduces the golden episode.
 * @param report takes a line for people: which backend is used, and why others were passed over.
 * @param start how each backend is started; tests replace it.
 * @throws FailureError `backend-unavailable` where the named one, or every one, does not work; InputError `unknown-device` and
 * `precision-unavailable`.
 */
export async function chooseBackend(
  { backend: wanted, device, precision }: BackendChoice,
  report: (line: string) => void,
  start: Readonly<Record<BackendName, StartBackend>> = startBackend,
): Promise<Backend> {
  if (precision === 'mixed' && wanted !== 'auto' && wanted !== 'tensorflow') {
    throw new InputError('precision-unavailable', `${mixedRule}; ${wanted} always computes in float32`);
  }
  const candidates = wanted !== 'auto' ? [wanted] : precision === 'mixed' ? (['tensorflow'] as const) : backendNames;
  const passedOver: string[] = [];
  let unknownDevice: InputError | undefined;
  let precisionFault: string | undefined;
  for (const name of candidates) {
    try {
      const started = await start[name](device);
      const fault = await findFault(started, precision, wanted === 'auto' && device === undefined).catch((error: unknown) => {
        started.backend.dispose();
        throw error;
      });
      if (fault === undefined) return started.backend;
      started.backend.dispose();
      if (fault.kind === 'precision') precisionFault = fault.reason;
      passedOver.push(`${name}: ${fault.reason}`);
    } catch (error) {
      if (error instanceof InputError) unknownDevice = error;
      const { reason, advice } = explainFault(name, error);
      const remedy = wanted === 'auto' || error instanceof InputError ? '' : ` (${advice})`;
      passedOver.push(`${name}: ${reason}${remedy}`);
    }
    if (wanted === 'auto') report(`backend passed over: ${passedOver.at(-1)}`);
  }
  if (unknownDevice && passedOver.length === 1) throw unknownDevice;
  if (unknownDevice) throw new InputError('unknown-device', `no backend can use the device "${device}": ${passedOver.join('; ')}`);
  if (precisionFault !== undefined) throw new InputError('precision-unavailable', precisionFault);
  if (precision === 'mixed' && wanted === 'auto') {
    throw new InputError('precision-unavailable', `${mixedRule}; here TensorFlow does not work: ${passedOver.join('; ')}`);
  }
  const subject = wanted === 'auto' ? 'no backend works here' : 'the backend does not work here';
  throw new FailureError('backend-unavailable', `${subject}: ${passedOver.join('; ')}`);
}

const mixedRule = 'precision "mixed" needs TensorFlow on an NVIDIA card with tensor cores or on a CPU that multiplies bfloat16 with AMX';

interface Fault {
  readonly kind: 'precision' | 'failure';
  readonly reason: string;
}

async function findFault({ backend, isEmulated }: StartedBackend, precision: Precision, unasked: boolean): Promise<Fault | undefined> {
  const { operations, device } = backend;
  if (isEmulated && unasked) return { kind: 'failure', reason: `there is no graphics card, only a CPU that emulates one (${device})` };
  if (precision === 'mixed') {
    // Whether the hardware takes up the offer shows in the result, and nowhere else as reliably.
    const error = await measureProductError(operations);
    if (error <= productTolerances.float32)
      return { kind: 'precision', reason: `${mixedRule}; this is ${device}, which computed in float32` };
  }
  for (const check of [checkGoldenEpisode, checkGoldenProduct]) {
    const result = await check(operations, precision);
    if (!result.ok) return { kind: 'failure', reason: result.reason };
  }
  return undefined;
}
