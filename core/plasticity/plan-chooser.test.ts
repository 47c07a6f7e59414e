import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { drawImageProtocol } from '../tasks/image-recall.ts';
import { rankForms } from './cost.ts';
import { createPlanChooser } from './plan-chooser.ts';

const options = { patterns: 3, presentationsPerPattern: 3, presentationSteps: 20, interPresentationDelay: 2, testSteps: 3, imageSize: 22 };
const kind = { batch: 2, alphaKind: 'free', rule: 'hebb' } as const;
/** Two protocols of the same make that would each be computed in another form. */
const protocols = Array.from({ length: 40 }, (_, seed) => drawImageProtocol(options, createRandom(seed, 'protocols')).protocol);
const keeps = protocols.map((protocol) => rankForms(protocol, kind)[0]!.options.keepProducts);
const [keeping, other] = [protocols[keeps.indexOf(true)]!, protocols[keeps.indexOf(false)]!];

describe('the form of an episode', () => {
  it('is that of the first protocol of this make, also where that was before a checkpoint', () => {
    const [first, second] = [createPlanChooser(), createPlanChooser()];
    const [ofKeeping, ofOther] = [first.choose(keeping, kind), second.choose(other, kind)];
    expect(first.choose(other, kind)).not.toEqual(ofOther);
    const continued = createPlanChooser();
    continued.restore(JSON.parse(JSON.stringify(first.capture())));
    expect(continued.choose(other, kind)).toEqual(first.choose(other, kind));
    expect(continued.choose(keeping, kind)).toEqual(ofKeeping);
    continued.restore(undefined);
    expect(continued.choose(other, kind)).toEqual(ofOther);
  });

  it.each([{ a: null }, { a: { chunkLength: 0, keepProducts: true, mixTerms: true } }, { a: { chunkLength: null, keepProducts: 1 } }])(
    'is not taken from what is none: %o',
    (saved) => {
      const chooser = createPlanChooser();
      const before = chooser.choose(keeping, kind);
      expect(() => chooser.restore(saved)).toThrow('the checkpoint names no form of an episode');
      expect(chooser.choose(keeping, kind)).toEqual(before);
    },
  );
});
