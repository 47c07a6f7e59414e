/** Tries backends out for the command `doctor`: whether each works, on which device and how fast. */
import { InputError } from '../contract/errors.ts';
import { checkGoldenEpisode } from '../plasticity/golden.ts';
import { checkGoldenProduct } from '../plasticity/golden-product.ts';
import { explainFault } from './backend-fault.ts';
import { startBackend } from './backend-creators.ts';
import type { GoldenFailure } from '../plasticity/golden.ts';
import type { BackendReport } from '../contract/backend-report.ts';
import type { BackendName, Operations } from './operations.ts';

const size = 1025;
/** Time that measuring may take, in milliseconds. */
const budgetMs = 500;

/** Run it in a process of its own: a native library that crashes takes the process along. */
export async function diagnoseBackend(name: BackendName): Promise<BackendReport> {
  const begun = performance.now();
  const elapsed = () => Math.round(performance.now() - begun) / 1000;
  try {
    const { backend, devices } = await startBackend[name](undefined);
    try {
      const { operations } = backend;
      const [episode, product] = [await checkGoldenEpisode(operations), await checkGoldenProduct(operations)];
      const failed = [episode, product].find((check): check is GoldenFailure => !check.ok);
      const advice = 'update the driver or the library of this device, or use another backend';
      return {
        name,
        works: failed === undefined,
        devices: [...devices],
        goldenEpisode: episode.ok ? 'reproduced' : 'failed',
        gigaflops: await measureProductSpeed(operations),
        seconds: elapsed(),
        ...(failed && { reason: failed.reason, advice }),
      };
    } finally {
      backend.dispose();
    }
  } catch (error) {
    const fault = error instanceof InputError ? { reason: error.message } : explainFault(name, error);
    return { name, works: false, devices: [], ...fault, seconds: elapsed() };
  }
}

/** The best of several products [1025, 1025] · [1025, 1025], in GFLOP/s; fewer rows where a whole one would take too long. */
export async function measureProductSpeed(operations: Operations): Promise<number> {
  const values = Float32Array.from({ length: size * size }, (_, index) => Math.sin(index));
  const matrix = operations.tensor(values, [size, size]);
  const run = async (rows: number) => {
    const left = operations.tensor(values.subarray(0, rows * size), [rows, size]);
    const begun = performance.now();
    // One number is read back: the product is finished only then.
    const last = operations.tidy(() => operations.keep(operations.slice(operations.matMul(left, matrix), [rows - 1, size - 1], [1, 1])));
    await operations.read([last]);
    const milliseconds = performance.now() - begun;
    for (const tensor of [last, left]) operations.dispose(tensor);
    return { milliseconds, gigaflops: (2 * rows * size * size) / milliseconds / 1e6 };
  };
  try {
    await run(64); // the first one prepares kernels
    const { milliseconds } = await run(64);
    const rows = (milliseconds * size) / 64 > budgetMs ? 64 : size;
    let best = 0;
    const begun = performance.now();
    for (let runs = 0; runs < 3 || performance.now() - begun < budgetMs; runs++) best = Math.max(best, (await run(rows)).gigaflops);
    return best;
  } finally {
    operations.dispose(matrix);
  }
}
