import { describe, expect, it } from 'vitest';
import { FailureError, InputError } from '../contract/errors.ts';
import { startBackend } from './backend-creators.ts';
import { chooseBackend } from './choose-backend.ts';
import type { StartBackend } from './backend-creators.ts';
import type { BackendChoice } from './choose-backend.ts';
import type { Backend, BackendName, Operations, Tensor } from './operations.ts';

const absent =
  (message: string): StartBackend =>
  () =>
    Promise.reject(new Error(message));

/** The WASM backend under another name, with some operations replaced. */
const pretend =
  (name: BackendName, change: (operations: Operations) => Partial<Operations> = () => ({}), isEmulated = false): StartBackend =>
  async (device) => {
    const { backend } = await startBackend.wasm(undefined);
    if (device !== undefined && device !== `${name}-device`) throw new InputError('unknown-device', `${name} has no device "${device}"`);
    const { operations } = backend;
    const pretended: Backend = { ...backend, name, device: `${name}-device`, operations: { ...operations, ...change(operations) } };
    return { backend: pretended, devices: [], isEmulated };
  };

/** Gets the last digits of every product wrong. */
const slightlyWrong = ({ matMul, scale }: Operations): Partial<Operations> => ({
  matMul: (...operands) => scale(matMul(...operands), 1.001),
});

/** Multiplies in bfloat16: factors rounded to 8 bits, by Veltkamp's splitting. */
const reduced = ({ matMul, matMulTransposed, scale, subtract }: Operations): Partial<Operations> => {
  const rounded = (a: Tensor) => {
    const large = scale(a, 2 ** 16 + 1);
    return subtract(large, subtract(large, a));
  };
  return {
    matMul: (a, b, ...flags) => matMul(rounded(a), rounded(b), ...flags),
    matMulTransposed: (a, b) => matMulTransposed(rounded(a), { ...b, matrix: rounded(b.matrix) }),
  };
};

const none = absent('not on this machine');
const all: Record<BackendName, StartBackend> = { tensorflow: none, webgpu: none, wasm: none, cpu: none };

async function choose(choice: Partial<BackendChoice>, start: Partial<typeof all>) {
  const lines: string[] = [];
  const full: BackendChoice = { backend: 'auto', precision: 'float32', ...choice };
  const chosen = await chooseBackend(full, (line) => lines.push(line), { ...all, ...start }).then(
    ({ name }) => name,
    (error: unknown) => error,
  );
  return { chosen, lines };
}

describe('auto', () => {
  it('takes the first that works and says why others were passed over', async () => {
    const { chosen, lines } = await choose({}, { webgpu: pretend('webgpu'), wasm: pretend('wasm') });
    expect(chosen).toBe('webgpu');
    expect(lines).toEqual(['backend passed over: tensorflow: not on this machine']);
  });

  it('passes over one that does not reproduce the golden episode', async () => {
    const { chosen, lines } = await choose({}, { tensorflow: pretend('tensorflow', slightlyWrong), wasm: pretend('wasm') });
    expect(chosen).toBe('wasm');
    expect(lines[0]).toMatch(
      /^backend passed over: tensorflow: the golden episode .* is not reproduced: activations differ by .* where float32 allows/,
    );
  });

  it('passes over one that gets only large products wrong', async () => {
    const wrong = (operations: Operations): Partial<Operations> => ({
      matMul: (a, ...rest) =>
        a.shape.includes(1040) ? operations.scale(operations.matMul(a, ...rest), 1.001) : operations.matMul(a, ...rest),
    });
    const { chosen, lines } = await choose({}, { tensorflow: pretend('tensorflow', wrong), wasm: pretend('wasm') });
    expect(chosen).toBe('wasm');
    expect(lines[0]).toContain('a matrix product of 1040 × 1040 is off by');
  });

  it('never takes an emulated graphics card unasked, and does when asked', async () => {
    const start = { webgpu: pretend('webgpu', undefined, true), cpu: pretend('cpu') };
    expect((await choose({}, start)).chosen).toBe('cpu');
    expect((await choose({ backend: 'webgpu' }, start)).chosen).toBe('webgpu');
  });

  it('takes the backend that has the device', async () => {
    const start = { tensorflow: pretend('tensorflow'), webgpu: pretend('webgpu'), cpu: pretend('cpu') };
    expect((await choose({ device: 'cpu-device' }, start)).chosen).toBe('cpu');
    const { chosen } = await choose({ device: 'gpu:9' }, start);
    expect(chosen).toBeInstanceOf(InputError);
    expect(chosen).toMatchObject({ code: 'unknown-device', message: expect.stringContaining('"gpu:9"') });
  });

  it('fails when nothing works, naming every reason', async () => {
    const { chosen } = await choose({}, {});
    expect(chosen).toBeInstanceOf(FailureError);
    expect(chosen).toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringMatching(/tensorflow: not .*webgpu: not .*wasm: not .*cpu: not/),
    });
  });
});

describe('a named backend', () => {
  it('is not replaced by another: reason and remedy are said', async () => {
    const { chosen } = await choose(
      { backend: 'tensorflow' },
      { tensorflow: absent('libtensorflow.so.2: cannot open shared object file'), wasm: pretend('wasm') },
    );
    expect(chosen).toBeInstanceOf(FailureError);
    expect(chosen).toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringMatching(/its library is not installed \(run `npm start -- setup`/),
    });
  });

  it('is refused when it computes wrongly', async () => {
    const { chosen } = await choose({ backend: 'wasm' }, { wasm: pretend('wasm', slightlyWrong) });
    expect(chosen).toMatchObject({ code: 'backend-unavailable' });
  });
});

describe('precision', () => {
  it('mixed takes products of reduced precision, which float32 refuses', async () => {
    const start = { tensorflow: pretend('tensorflow', reduced) };
    expect((await choose({ precision: 'mixed' }, start)).chosen).toBe('tensorflow');
    expect((await choose({ backend: 'tensorflow' }, start)).chosen).toMatchObject({ code: 'backend-unavailable' });
  });

  it.each([
    ['a machine that computes in float32 all the same', { backend: 'auto' }, { tensorflow: pretend('tensorflow') }],
    ['a machine without TensorFlow', { backend: 'auto' }, { wasm: pretend('wasm') }],
    ['a backend that has only float32', { backend: 'wasm' }, { wasm: pretend('wasm') }],
  ] as const)('mixed is refused on %s', async (_, choice, start) => {
    const { chosen } = await choose({ ...choice, precision: 'mixed' }, start);
    expect(chosen).toBeInstanceOf(InputError);
    expect(chosen).toMatchObject({ code: 'precision-unavailable', message: expect.stringContaining('bfloat16') });
  });
});
