import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { createEpisode, episodeShapes } from './arbitrary-episode.ts';
import { drawImageProtocol } from '../tasks/image-recall.ts';
import { planCost, rankForms } from './cost.ts';
import { activationRows, isMixture } from './mixture.ts';
import { createPlanChooser } from './plan-chooser.ts';
import { createPlan } from './plan.ts';
import type { ComputingStep } from './plan.ts';
import type { Protocol } from './protocol.ts';

const images = {
  patterns: 3,
  presentationsPerPattern: 3,
  presentationSteps: 20,
  interPresentationDelay: 2,
  testSteps: 3,
  imageSize: 32,
};
const { protocol } = drawImageProtocol(images, createRandom(1, 'protocols'));
const factored = { chunkLength: Infinity, keepProducts: false, mixTerms: false };

describe('the plan of the images episode', () => {
  it('computes in 21 of 201 steps and needs 24 activations', () => {
    const plan = createPlan(protocol, factored);
    expect(protocol.steps.length).toBe(201);
    expect(plan.chunks.length).toBe(1);
    const [chunk] = plan.chunks;
    expect(chunk!.steps.length).toBe(21);
    expect(chunk!.table.length).toBe(24);
    expect(plan.width).toBe(1040);
  });

  it('multiplies 255 rows when each step does its own, 189 when no pair is multiplied twice', () => {
    expect(planCost(createPlan(protocol, factored), 1, 'free').rows).toBe(255);
    expect(planCost(createPlan(protocol, { ...factored, keepProducts: true }), 1, 'free').rows).toBe(189);
  });

  it('multiplies 154 rows when terms that share v are mixed: 48 in the test, 106 before', () => {
    const plan = createPlan(protocol, { ...factored, keepProducts: true, mixTerms: true });
    const rows = plan.chunks[0]!.steps.map((step) => step.fresh.length);
    expect(rows.slice(-3)).toEqual([15, 16, 17]);
    expect(planCost(plan, 1, 'free').rows).toBe(154);
  });

  it('evaluates only the erased half of the columns in the test', () => {
    const columns = createPlan(protocol, factored)
      .chunks[0]!.steps.slice(-3)
      .map((step) => step.columns.end - step.columns.start);
    expect(columns).toEqual([512, 512, 512]);
  });

  it('asks for each product exactly once and finds the others where they were made', () => {
    const [chunk] = createPlan(protocol, { ...factored, keepProducts: true }).chunks;
    const steps = new Map(chunk!.steps.map((step) => [step.step, step]));
    const made = new Set<string>();
    for (const step of chunk!.steps) {
      expect(activationRows(step.order).toSorted((a, b) => a - b)).toEqual(step.order.map((_, index) => index));
      expect(step.order.length).toBe(step.kept + step.known.length + step.fresh.length);
      for (const u of activationRows(step.fresh)) {
        const pair = `${Math.min(u, step.previous!)}:${Math.max(u, step.previous!)}:${step.columns.start}`;
        expect(made.has(pair)).toBe(false);
        made.add(pair);
      }
      step.known.forEach((place, index) => {
        const source = steps.get(place.step)!;
        expect([source.order[place.at], source.previous]).toEqual([step.previous, step.order[step.kept + index]]);
      });
    }
  });

  it('is chosen in its factored form; a long episode of few neurons is not', () => {
    expect(createPlanChooser().choose(protocol, { batch: 1, alphaKind: 'free', rule: 'hebb' }).chunks.length).toBe(1);
    const maze: Protocol = {
      neurons: 100,
      givens: 1,
      steps: Array.from({ length: 200 }, () => ({ free: { start: 0, end: 99 }, given: 0, input: 0, label: 'step' })),
    };
    expect(rankForms(maze, { batch: 30, alphaKind: 'free', rule: 'hebb' })[0]!.form).not.toBe('factored');
  });

  it('is chosen soon for an episode of thousands of steps', () => {
    const long = { ...images, patterns: 10, presentationsPerPattern: 10, interPresentationDelay: 50 };
    const [best] = rankForms(drawImageProtocol(long, createRandom(1, 'protocols')).protocol, { batch: 1, alphaKind: 'free', rule: 'oja' });
    expect(best!.form).toBe('chunked');
  }, 30_000);
});

describe('mixtures of terms', () => {
  const options = { chunkLength: Infinity, keepProducts: true, mixTerms: true };

  it('stand for each term that they hold, once, and share its v', () => {
    fc.assert(
      fc.property(episodeShapes, (shape) => {
        for (const { steps, terms } of createPlan(createEpisode(shape).protocol, options).chunks) {
          for (const { step, order, values } of steps) {
            const rows = order.flatMap((factor) => (isMixture(factor) ? factor.terms.map(({ u }) => u) : [factor]));
            const written = terms.filter((term) => term.step < step);
            expect(new Set(rows)).toEqual(new Set(written.map(({ u }) => u)));
            expect(rows.length).toBe(new Set(rows).size);
            for (const mixture of order.filter(isMixture)) {
              expect(mixture.terms.length).toBeGreaterThan(1);
              expect(mixture.v).toBeLessThan(values);
              expect(written.filter(({ u }) => mixture.terms.some((term) => term.u === u))).toEqual(mixture.terms);
              expect(mixture.terms.every(({ v }) => v === mixture.v)).toBe(true);
            }
          }
        }
      }),
    );
  });

  it('occur, also among kept products, in many of the random protocols that the forms are tested on', () => {
    const steps = fc
      .sample(episodeShapes, { numRuns: 300, seed: 1 })
      .map((shape) => createPlan(createEpisode(shape).protocol, options).chunks.flatMap((chunk) => chunk.steps));
    const share = (found: (step: ComputingStep) => boolean) => steps.filter((each) => each.some(found)).length / steps.length;
    expect(share((step) => step.fresh.some(isMixture))).toBeGreaterThan(0.2);
    expect(share(({ order, kept }) => order.slice(0, kept).some(isMixture))).toBeGreaterThan(0.05);
  });

  it('are refused where the coefficients of a term differ between columns', () => {
    const [chunk] = createPlan(protocol, options).chunks;
    expect(() => activationRows(chunk!.steps.at(-1)!.order)).toThrow('Hebb');
  });
});

describe('a protocol that contradicts itself', () => {
  const step = { free: { start: 0, end: 2 }, given: 0, label: 'x' };
  it.each([
    ['neurons', { neurons: 0, givens: 1, steps: [step] }],
    ['empty', { neurons: 2, givens: 1, steps: [] }],
    ['free neurons within 0..1', { neurons: 1, givens: 1, steps: [step] }],
    ['given row within 0..0', { neurons: 2, givens: 1, steps: [{ ...step, given: 1 }] }],
    ['clamped neurons', { neurons: 2, givens: 1, steps: [{ ...step, clamped: [1, 0] }] }],
  ])('is refused: %s', (rule, bad) => {
    expect(() => createPlan(bad, factored)).toThrow(rule);
  });
});
