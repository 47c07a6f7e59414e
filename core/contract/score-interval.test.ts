import { expect, it } from 'vitest';
import { scoreInterval, wilsonInterval } from './score-interval.ts';

it.each([
  // Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3.
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
  // 29 / (29 + z²).
  [29, 29, 0.883, 1],
])('%d right answers of %d', (right, count, low, high) => {
  const [from, to] = wilsonInterval(right / count, count);
  expect(from).toBeCloseTo(low, 4);
  expect(to).toBeCloseTo(high, 4);
});

it('is that of a score whose episodes are right or wrong, and of no other', () => {
  const evaluation = { score: 0.5, heldOutEpisodes: 10 };
  expect(scoreInterval({ countsAnswers: true }, evaluation)).toEqual(wilsonInterval(0.5, 10));
  expect(scoreInterval({}, evaluation)).toBeUndefined();
});
