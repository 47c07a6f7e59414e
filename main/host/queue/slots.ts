/** Which kind of slot a run needs: a graphics card's or the processor's. */
import type { RunSpec } from '../../../core/contract/run-spec.ts';
import { readTensorFlowSetup, type TensorFlowSetup } from '../../setup-state.ts';

export type Slot = 'gpu' | 'cpu';

export interface Slots {
  /** What a run with this spec will probably compute on. */
  slotOf(spec: RunSpec): Slot;
  /** What such a run did compute on: from now on `slotOf` says so of its like. */
  learn(spec: RunSpec, backend: string, device: string): Slot;
}

/** @param setup what set-up found; it decides until the first run of a kind has shown it. */
export function createSlots(setup: TensorFlowSetup = readTensorFlowSetup()): Slots {
  const learned = new Map<string, Slot>();
  return {
    slotOf: (spec) => learned.get(kindOf(spec)) ?? guessSlot(spec, setup),
    learn: (spec, backend, device) => {
      const slot = backend === 'webgpu' || (backend === 'tensorflow' && device.startsWith('GPU')) ? 'gpu' : 'cpu';
      learned.set(kindOf(spec), slot);
      return slot;
    },
  };
}

function kindOf({ backend, device = '' }: RunSpec): string {
  return `${backend} ${device}`;
}

function guessSlot({ backend, device }: RunSpec, setup: TensorFlowSetup): Slot {
  if (backend === 'webgpu') return 'gpu';
  if (backend === 'wasm' || backend === 'cpu' || device === 'cpu') return 'cpu';
  return setup.state === 'ready' && setup.variant === 'gpu' ? 'gpu' : 'cpu';
}
