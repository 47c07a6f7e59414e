/** What NVIDIA's graphics cards say of themselves, through nvidia-smi. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { MachineLoad } from '../../../core/contract/api/machine.ts';
import { readTensorFlowSetup } from '../../setup-state.ts';

export type GpuState = Pick<MachineLoad, 'gpus' | 'gpuProblem'>;

const fields = ['name', 'utilization.gpu', 'memory.used', 'memory.total', 'temperature.gpu', 'power.draw'];
const patienceMs = 3000;
/** The program takes a tenth of a second of a processor. */
const freshMs = 2000;
/** How soon it is looked for again where it was not. */
const missingMs = 60_000;

const run = promisify(execFile);

/** @param isExpected whether set-up found a card that TensorFlow can use. */
export function createGpuReader(isExpected = isGpuExpected, program = 'nvidia-smi'): () => Promise<GpuState> {
  let seen = 0;
  let last: GpuState = { gpus: [], gpuProblem: null };
  let untilMs = -Infinity;
  let reading: Promise<GpuState> | undefined;
  const read = async (): Promise<GpuState> => {
    let wait = freshMs;
    try {
      const { stdout } = await run(program, [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits'], { timeout: patienceMs });
      const gpus = parseGpus(stdout);
      const gone = gpus.length < seen ? `${seen - gpus.length} of ${seen} graphics cards no longer answer` : null;
      seen = Math.max(seen, gpus.length);
      last = { gpus, gpuProblem: gone };
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (isMissing) wait = missingMs;
      last = { gpus: [], gpuProblem: seen > 0 || isExpected() ? explain(error, isMissing) : null };
    }
    untilMs = performance.now() + wait;
    return last;
  };
  return () => {
    if (performance.now() < untilMs) return Promise.resolve(last);
    reading ??= read().finally(() => (reading = undefined));
    return reading;
  };
}

/** One card a line; `[N/A]` for what it does not tell. */
export function parseGpus(text: string): MachineLoad['gpus'] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...values] = line.split(',').map((value) => value.trim());
      const [percent, usedMib, totalMib, temperatureCelsius, powerWatts] = values.map((value) => {
        return value !== '' && Number.isFinite(Number(value)) ? Number(value) : null;
      });
      return {
        name,
        share: scale(percent, 1 / 100),
        memoryUsedBytes: scale(usedMib, 2 ** 20),
        memoryTotalBytes: scale(totalMib, 2 ** 20),
        temperatureCelsius: temperatureCelsius ?? null,
        powerWatts: powerWatts ?? null,
      };
    });
}

function scale(value: number | null | undefined, factor: number): number | null {
  return value === null || value === undefined ? null : value * factor;
}

function isGpuExpected(): boolean {
  const setup = readTensorFlowSetup();
  return setup.state === 'ready' && setup.variant === 'gpu';
}

function explain(error: unknown, isMissing: boolean): string {
  if (isMissing) return 'the graphics card that was found before is not to be seen: NVIDIA’s driver (nvidia-smi) is not there';
  const output = error instanceof Error && 'stdout' in error && typeof error.stdout === 'string' ? error.stdout : '';
  const said = `${output}\n${error instanceof Error ? error.message : String(error)}`;
  const line = said.split('\n').find((text) => text.trim() !== '') ?? 'no answer';
  return `the graphics card does not answer any more (${line.trim().slice(0, 200)})`;
}
