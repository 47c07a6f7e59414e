import { describe, expect, it } from 'vitest';
import network from './templates/network.ts';
import { availableBackends } from '../../core/backend/test-backends.ts';
import { describeExtension } from '../../core/extensions/describe.ts';
import { tryNetwork } from '../../core/extensions/try-network.ts';
import type { ExtensionOf } from '../../core/contract/extension.ts';

type Template = typeof network;
type Created = ReturnType<Template['create']>;

const description = describeExtension(network, { name: 'leaky', sha256: '0'.repeat(64) }) as ExtensionOf<'network'>;

/** The template, whose episodes are run otherwise. */
function withRun(change: (run: Created['run'], place: Parameters<Template['create']>[0]) => Created['run']): Template {
  return {
    ...network,
    create: (place) => {
      const created = network.create(place);
      return { ...created, run: change(created.run, place) };
    },
  };
}

describe.each(await availableBackends())('the template of a network on $name', ({ backend }) => {
  it('has the gradients of central differences, and leaks nothing', async () => {
    const before = backend.operations.liveTensors();
    await tryNetwork(network, description, backend.operations);
    expect(backend.operations.liveTensors()).toBe(before);
  });

  it('is refused with a wrong one', async () => {
    const doubled = withRun((original, place) => (...args) => {
      const run = original(...args);
      const differentiate: typeof run.differentiate = (dy) => {
        const gradients = run.differentiate(dy);
        return { ...gradients, matrices: { ...gradients.matrices, w: place.operations.scale(gradients.matrices['w']!, 2) } };
      };
      return { ...run, differentiate };
    });
    await expect(tryNetwork(doubled, description, backend.operations)).rejects.toThrow(/the gradient of w\[\d+\] is/);
  });

  it('is refused where it keeps what it makes', async () => {
    const hoarder = withRun((original, place) => (...args) => {
      place.operations.keep(place.operations.tensor(new Float32Array(4), [4]));
      return original(...args);
    });
    await expect(tryNetwork(hoarder, description, backend.operations)).rejects.toThrow(/run leaves 1 tensors behind/);
  });
});
