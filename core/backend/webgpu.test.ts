import { afterAll, describe, expect, it } from 'vitest';
import { emulateGraphics } from './test-backends.ts';
import { createWebgpuBackend } from './webgpu.ts';

emulateGraphics();
const backend = await createWebgpuBackend().catch((error: unknown) => {
  console.log(`skipped on this machine: ${String(error)}`);
});

describe.skipIf(backend === undefined)('the WebGPU backend', () => {
  afterAll(() => backend!.dispose());

  it('does not hand out what follows something that the device refused', async () => {
    const { operations } = backend!;
    const column = operations.tensor(new Float32Array(300_000), [300_000, 1]);
    expect((await operations.read([column]))[0]).toHaveLength(300_000);
    const row = operations.reshape(column, [1, 300_000]);
    const one = operations.slice(operations.multiply(column, row), [0, 0], [1, 1]);
    await expect(operations.read([one])).rejects.toMatchObject({ code: 'device-failed' });
    await expect(operations.read([column])).rejects.toMatchObject({ code: 'device-failed' });
  });
});
