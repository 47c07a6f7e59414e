import { expect, it } from 'vitest';
import { createRunSpec } from '../../core/experiments/create-run-spec.ts';
import { watchVerdict } from './verdict-watch.ts';

const cifar = { name: 'cifar', format: 'cifar-10-binary', sha256: '', note: '' };
const photographs = { ...cifar, format: 'photographs' };

/** What is told in a run of images that has these losses at its evaluations, one every thousand episodes. */
function tell(losses: readonly (number | undefined)[], dataset = cifar) {
  const told: unknown[] = [];
  const at = { episodes: 0, loss: losses[0] };
  const means = () => (at.loss === undefined ? undefined : { loss: at.loss, score: 0 });
  const watch = watchVerdict(
    createRunSpec({ experiment: 'images' }),
    dataset,
    at,
    { means },
    { event: (...event) => void told.push(event) },
  );
  for (const loss of losses) {
    Object.assign(at, { episodes: at.episodes + 1000, loss });
    watch.look();
  }
  return { told, verdict: watch.judge() };
}

it('tells once of what two evaluations agree in', () => {
  const { told, verdict } = tell([30, 25, 22, 21, 20]);
  expect(told).toEqual([['verdict', expect.stringMatching(/^loss 25.0 is within the reference, /), 'info']]);
  expect(verdict?.kind).toBe('within');
});

it('warns of a run that does not learn, and tells of its recovery', () => {
  const { told } = tell([82, 82, 82, 20, 20]);
  expect(told).toEqual([
    ['verdict', expect.stringMatching(/^not learning: loss 82.0 is about .*; usual causes: /), 'warning'],
    ['verdict', expect.stringContaining('within'), 'info'],
  ]);
});

it('says nothing of a single outlier, before there is a value, of what is early, or without a reference', () => {
  expect(tell([30, 82, 25, 82, 25]).told).toHaveLength(0);
  expect(tell([undefined, undefined])).toEqual({ told: [], verdict: undefined });
  expect(tell([60, 60, 60]).told).toEqual([]);
});

it('says that the reference does not apply to other data', () => {
  expect(tell([30, 25, 22], photographs).told).toEqual([['verdict', expect.stringContaining('does not apply'), 'info']]);
});
