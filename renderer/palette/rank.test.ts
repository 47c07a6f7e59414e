import { expect, it } from 'vitest';
import { rank } from './rank.ts';

const entries = [
  { label: 'Import run archive…', group: 'Files' },
  { label: 'Runs', group: 'Go to' },
  { label: 'Compare the selected runs', group: 'Runs', words: 'overlay curves' },
  { label: 'Dark theme', group: 'Window' },
];
const labels = (typed: string) => rank(entries, typed).map(({ label }) => label);

it('gives everything when nothing was typed', () => {
  expect(labels(' ')).toEqual(entries.map(({ label }) => label));
});

it('puts first what begins with the word', () => {
  expect(labels('run')).toEqual(['Runs', 'Import run archive…', 'Compare the selected runs']);
});

it('wants every word, in any order, also out of further words and the group', () => {
  expect(labels('selected compare')).toEqual(['Compare the selected runs']);
  expect(labels('overlay')).toEqual(['Compare the selected runs']);
  expect(labels('window dark')).toEqual(['Dark theme']);
  expect(labels('dark light')).toEqual([]);
});

it('takes signs as they are', () => {
  expect(labels('archive…')).toEqual(['Import run archive…']);
  expect(labels('(')).toEqual([]);
});
