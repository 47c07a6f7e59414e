import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ablationSchema } from '../../core/contract/ablation.ts';
import type { VariantName } from '../../core/contract/run-spec.ts';
import { changesOf, combine, heldBeside, nameChanges, problemOf, readChanges, writeChanges, type Change } from './ablation-changes.ts';
import { knobs, knobsFor, sayWhatIsNot } from './ablations.ts';

const at = { step: 12, starts: [1, 23], presentations: 9 };
const some = fc.uniqueArray(
  fc.constantFrom(...knobs).map((knob): Change => ({ kind: knob.kind, text: knob.start(at) })),
  // Two rules, or alpha's zero beside others, say the same differently.
  { selector: ({ kind }) => (kind.startsWith('rule') ? 'rule' : kind) },
);

describe('a list of changes', () => {
  it('makes one ablation that the host takes, and comes back from it and from an address', () => {
    fc.assert(
      fc.property(some, (changes) => {
        const ablation = combine(changes);
        expect(ablationSchema.parse(ablation)).toEqual(ablation);
        const back = changesOf(ablation);
        expect(back.toSorted(byKind)).toEqual(changes.toSorted(byKind));
        // The order in which alpha is changed matters, and is kept.
        expect(combine(back)).toEqual(ablation);
        expect(readChanges(writeChanges(changes))).toEqual(changes);
      }),
    );
  });

  it('changes several things at once, and one kind of thing one after the other', () => {
    const changes = [
      { kind: 'alpha-thresholded', text: '0.5' },
      { kind: 'eta', text: '0.03' },
      { kind: 'alpha-scaled', text: '2' },
      { kind: 'noise-inputs', text: '0.1' },
      { kind: 'noise-drives', text: '0.2' },
      { kind: 'presentations', text: '1, 3  3' },
    ];
    expect(combine(changes)).toEqual({
      alpha: [
        { kind: 'thresholded', share: 0.5 },
        { kind: 'scaled', factor: 2 },
      ],
      eta: 0.03,
      noise: { inputs: 0.1, drives: 0.2, seed: 0 },
      presentations: [1, 3, 3],
    });
    const drawn = [{ kind: 'noise-drawing', text: '3' }];
    expect(combine([...drawn, ...changes]).noise).toEqual({ inputs: 0.1, drives: 0.2, seed: 3 });
    expect(combine([...changes, ...drawn]).noise).toEqual({ inputs: 0.1, drives: 0.2, seed: 3 });
    expect(nameChanges(changes.slice(0, 2))).toBe('alpha thresholded 0.5, another eta 0.03');
    expect(nameChanges([])).toBe('nothing');
  });

  it('says what is held while one of them is turned: other values of it are the same sweep, other neighbours are another', () => {
    const held = (...changes: readonly (readonly [kind: string, text: string])[]) =>
      heldBeside('eta', combine(changes.map(([kind, text]) => ({ kind, text }))));
    expect(held(['eta', '0.03'])).toBe(held(['eta', '0.1']));
    expect(held(['eta', '0.03'], ['hebb-zero', '6'])).toBe(held(['hebb-zero', '6'], ['eta', '0.3']));
    expect(held(['eta', '0.03'], ['hebb-zero', '6'])).not.toBe(held(['eta', '0.03']));
    expect(held(['eta', '0.03'], ['hebb-zero', '6'])).not.toBe(held(['eta', '0.03'], ['hebb-zero', '7']));
    expect(held(['hebb-zero', '6'])).toBeUndefined();
    // Of alpha, the order counts.
    const [scaled, quantised] = [{ kind: 'scaled', factor: 2 } as const, { kind: 'quantised', levels: 9 } as const];
    expect(heldBeside('alpha-quantised', { alpha: [scaled, quantised] })).not.toBe(
      heldBeside('alpha-quantised', { alpha: [quantised, scaled] }),
    );
  });

  it.each([
    ['eta', '3', 'a number from 0 to 1, not "3"'],
    ['eta', '', 'a number from 0 to 1, not ""'],
    ['hebb-zero', '1.5', 'a whole number from 1 to 1000000, not "1.5"'],
    ['presentations', '1 0 2', '"0" is none'],
    ['presentations', '1 two', '"two" is none'],
    ['alpha-quantised', '1', 'from 2 to 65536'],
  ])('says what is wrong with %s of "%s", and leaves it out', (kind, text, words) => {
    expect(problemOf({ kind, text })).toContain(words);
    expect(combine([{ kind, text }])).toEqual({});
  });

  it('has an address without anything unknown', () => {
    expect(readChanges('eta:0.1,nonsense:3,eta:0.2')).toEqual([{ kind: 'eta', text: '0.1' }]);
    expect(readChanges(null)).toEqual([]);
    expect(writeChanges([])).toBeNull();
  });
});

describe('what can be changed', () => {
  const patterns = { patterns: 3, presentationsPerPattern: 3, interPresentationDelay: 2, rule: 'hebb' };
  const specOf = (experiment: string, variant: VariantName) => {
    const isRecall = experiment === 'images' || experiment === 'binary';
    return { experiment, variant, parameters: isRecall ? patterns : { rule: 'oja' } };
  };
  const kindsOf = (...of: Parameters<typeof specOf>) => knobsFor(specOf(...of)).map(({ kind }) => kind);

  it('is what the network and the task have', () => {
    expect(kindsOf('images', 'free')).toContain('alpha-shuffled');
    expect(kindsOf('images', 'free')).toContain('rule-oja');
    expect(kindsOf('images', 'free')).not.toContain('rule-hebb');
    expect(kindsOf('images', 'yoked')).not.toContain('alpha-shuffled');
    expect(kindsOf('binary', 'lstm')).toEqual([
      'presentations',
      'patterns',
      'presentations-each',
      'delay',
      'noise-inputs',
      'noise-drawing',
    ]);
    expect(kindsOf('maze', 'modulated')).not.toContain('eta');
    expect(kindsOf('maze', 'retroactive')).toContain('hebb-zero');
    expect(kindsOf('maze', 'free')).not.toContain('presentations');
    expect(kindsOf('omniglot', 'free')).toContain('presentations');
    expect(kindsOf('omniglot', 'free')).not.toContain('noise-drives');
  });

  it('and what cannot is said', () => {
    const said = (...of: Parameters<typeof specOf>) => sayWhatIsNot(specOf(...of)).join(' ');
    expect(said('images', 'free')).toBe('');
    expect(said('images', 'yoked')).toContain('one number');
    expect(said('binary', 'lstm')).toContain('no plastic part');
    expect(said('maze', 'free')).toContain('no presentations');
    expect(said('omniglot', 'free')).toContain('images only');
  });
});

function byKind(a: Change, b: Change): number {
  return a.kind < b.kind ? -1 : 1;
}
