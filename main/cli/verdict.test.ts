import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRunSpec } from '../../core/experiments/create-run-spec.ts';
import { createEar, createLab, historyOf, parseEvents, type Lab } from '../trainer/test-support/lab.ts';
import { createOutput } from './output.ts';
import { createRunView } from './run-view.ts';

describe('how a run stands', () => {
  let lab: Lab;
  beforeAll(() => {
    lab = createLab({ training: 'real' });
  });
  afterAll(() => lab.remove());

  it('is that the paper’s number does not apply to generated characters', async () => {
    const settings = ['evaluationEvery=1', 'evaluationEpisodes=2'].flatMap((setting) => ['--set', setting]);
    const { code, stdout, stderr } = await lab.run(['train', 'omniglot', '--backend', 'wasm', '--episodes', '32', ...settings]);
    expect([code, stderr]).toEqual([0, '']);
    const sentence = 'the reference does not apply: it holds for omniglot, not for generated characters\n';
    // While it trains, and at the end.
    expect(stdout.split(sentence)).toHaveLength(3);
    expect(stdout).toContain(`\nreference: ${sentence}`);
    expect((await lab.run(['show', 'last'])).stdout).toContain(sentence);
    const { start, end } = historyOf(lab.runs()[0]!);
    expect(start!.dataset).toMatchObject({ format: 'characters', classes: expect.any(Number) });
    expect(end!.verdict).toEqual({ kind: 'not-applicable', text: sentence.trimEnd() });
  });
});

it('is said of a run that was stopped, too', async () => {
  const lab = createLab();
  try {
    const cli = lab.start(['train', 'images', '--episodes', '100000', '--json'], { TEST_STEP_MS: '10' });
    await cli.until(({ event }) => event === 'metrics');
    cli.child.kill('SIGINT');
    const { stdout } = await cli.ended;
    expect(parseEvents(stdout).at(-1)).toMatchObject({ event: 'error', code: 'interrupted' });
    expect(historyOf(lab.runs()[0]!).end).toMatchObject({ status: 'stopped', verdict: { kind: 'not-applicable' } });
  } finally {
    await lab.remove();
  }
});

it('is shown with a followed run: an alarm on standard error, the rest among the lines', () => {
  const [stdout, stderr] = [createEar(), createEar()];
  const output = createOutput({ stdout: stdout.stream, stderr: stderr.stream, json: false, verbose: false });
  const view = createRunView(output, { id: 'run', folder: '', spec: createRunSpec({ experiment: 'images' }) });
  const event = { type: 'event', atMs: 0, name: 'verdict' } as const;
  view.show({ ...event, message: 'loss 15 is within the reference', level: 'info' });
  view.show({ ...event, message: 'not learning: loss 73', level: 'warning' });
  expect([stdout.text(), stderr.text()]).toEqual(['loss 15 is within the reference\n', 'not learning: loss 73\n']);
});
