import { expect, it } from 'vitest';
import { createCpuBackend } from '../../core/backend/cpu.ts';
import { encodeSafetensors } from '../../core/files/safetensors.ts';
import { createPlasticClassifier } from '../../core/networks/plastic-classifier.ts';
import { createRandom } from '../../core/random.ts';
import { decodeStoredState } from './stored-state.ts';

const { operations } = createCpuBackend();

function create(alphaKind: 'free' | 'yoked', seed: number) {
  const scales = { labelScale: 2, initialW: 0.5, initialAlpha: 3, initialEta: 0.1 * seed };
  return createPlasticClassifier(
    operations,
    { side: 15, features: 4, ways: 3, alphaKind, rule: 'oja', ...scales },
    createRandom(seed, 'initial weights'),
  );
}

it.each(['free', 'yoked'] as const)(
  'weights alone, kernels with a bias and alpha %s among them, become what a training takes up',
  async (alphaKind) => {
    const [stored, other] = [create(alphaKind, 1), create(alphaKind, 2)];
    const bytes = encodeSafetensors(await stored.weights(), { iteration: '7' });
    const template = async () => ({ arrays: await other.learned.capture(), state: { iteration: 0, episodes: 0, opaque: null } });
    const { arrays, state } = await decodeStoredState(bytes, 'checkpoints/000000007.weights.safetensors', template);
    expect(state.iteration).toBe(7);
    other.learned.restore(arrays);
    expect(await other.weights()).toEqual(await stored.weights());
    for (const network of [stored, other]) network.learned.dispose();
  },
);
