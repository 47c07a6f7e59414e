import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { checkBinary, createBinaryRecall, drawBinaryBatch, drawBinaryProtocol } from './binary-recall.ts';

const options = {
  bits: 20,
  patterns: 3,
  presentationsPerPattern: 2,
  presentationSteps: 6,
  interPresentationDelay: 4,
  testSteps: 6,
  erasedShare: 0.5,
  inputGain: 20,
  extraNeurons: 2,
};

describe('the binary task', () => {
  it('shows every pattern once a cycle, nothing after each, and the incomplete one at the end', () => {
    const { protocol } = drawBinaryProtocol(options, createRandom(1, 'p'));
    expect(protocol.steps.length).toBe(2 * 3 * 10 + 6);
    const shown = protocol.steps.filter(({ label }) => label.startsWith('pattern')).map(({ label }) => label);
    for (const label of ['pattern 1', 'pattern 2', 'pattern 3']) expect(shown.filter((other) => other === label).length).toBe(12);
    expect(protocol.steps.filter(({ label }) => label === 'blank').every((step) => step.input === undefined)).toBe(true);
    expect(protocol.steps.slice(-6).map(({ label, input }) => [label, input])).toEqual(Array.from({ length: 6 }, () => ['test', 3]));
    // One and the same, so that noise upon it is drawn once.
    expect(new Set(protocol.steps.slice(-6)).size).toBe(1);
    for (const { free } of protocol.steps) expect(free).toEqual({ start: 0, end: 22 });
  });

  it('shows different patterns in an episode, even all that there are', () => {
    const few = { ...options, bits: 4, patterns: 6 };
    const random = createRandom(3, 'x');
    const { shown } = drawBinaryBatch(few, drawBinaryProtocol(few, random), 1, random);
    expect(new Set(shown.map((pattern) => pattern.join())).size).toBe(6);
  });

  it('gives each episode patterns of its own with as many +1 as −1, of which the last presentation lacks half', () => {
    const random = createRandom(2, 'x');
    const shared = drawBinaryProtocol(options, random);
    const { given, targets, shown, degraded, zeroLosses } = drawBinaryBatch(options, shared, 2, random);
    const n = 23;
    const vector = (row: number, episode: number) => given.slice((row * 2 + episode) * n, (row * 2 + episode + 1) * n);
    for (let episode = 0; episode < 2; episode++) {
      for (let pattern = 0; pattern < 3; pattern++) {
        const values = vector(pattern, episode);
        expect(values.slice(0, 20).reduce((sum, value) => sum + value, 0)).toBe(0);
        expect(values.slice(0, 20).every((value) => Math.abs(value) === 20)).toBe(true);
        expect([...values.slice(20)]).toEqual([0, 0, 0]);
      }
      const target = targets.slice(episode * 20, (episode + 1) * 20);
      const test = vector(3, episode);
      expect(test.filter((value) => value !== 0).length).toBe(10);
      target.forEach((bit, at) => expect([0, bit * 20]).toContain(test[at]));
      expect([...vector(4, episode)]).toEqual([...new Float32Array(22), 1]);
    }
    expect(vector(0, 0)).not.toEqual(vector(0, 1));
    expect([...zeroLosses]).toEqual([10, 10]);
    expect(shown[shared.target]).toEqual(targets.slice(0, 20));
    expect(degraded.filter((bit) => bit === 0).length).toBe(10);
  });

  it.each([
    [
      { bits: 4, patterns: 7, erasedShare: 0.5 },
      'patterns-too-many',
      'there are 6 different patterns of 4 bits, half of them +1; patterns is 7',
    ],
    [{ bits: 20, patterns: 3, erasedShare: 0.02 }, 'erased-share', 'erasedShare 0.02 of 20 bits is less than half a bit'],
    [{ bits: 20, patterns: 2, erasedShare: 1 }, 'erased-share', 'leaves out all 20 bits: nothing would say which of 2 patterns is meant'],
  ])('refuses %j', (asked, code, message) => {
    expect(() => checkBinary(asked)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });

  it('takes what can be done, however large', () => {
    for (const asked of [
      { bits: 4, patterns: 6, erasedShare: 0.5 },
      { bits: 20, patterns: 1, erasedShare: 1 },
      { bits: 4096, patterns: 20, erasedShare: 0.01 },
    ])
      expect(() => checkBinary(asked)).not.toThrow();
  });

  it('is the same for the same streams', () => {
    const task = createBinaryRecall(options);
    const draw = () => task.draw('training', 2, createRandom(4, 'a'), createRandom(4, 'b'));
    expect(draw()).toEqual(draw());
  });

  it.each([
    [1000, 40, 25],
    [50, 10, 5],
    [4, 2, 2],
    [22, 11, 2],
  ])('draws %d bits as a rectangle', (bits, width, height) => {
    expect(createBinaryRecall({ ...options, bits }).picture).toEqual({ width, height });
  });
});
