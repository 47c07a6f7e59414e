import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../core/files/safetensors.ts';
import { createLab, parseEvents, type Lab } from '../trainer/test-support/lab.ts';

let lab: Lab;
beforeAll(() => {
  lab = createLab();
});
afterAll(() => lab.remove());

const train = ['train', 'images', '--episodes', '21', '--batch', '4', '--seed', '3', '--set', 'learningRate=0.01'];

describe('train', () => {
  it('prints exactly its events with --json', async () => {
    const { code, stdout, stderr } = await lab.run([...train, '--json']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    const events = parseEvents(stdout);
    const run = lab.runs().find(({ id }) => id === events[0]!['run'])!;
    expect(events.map(({ event }) => event)).toEqual(['start', ...Array.from({ length: 6 }, () => 'metrics'), 'done']);
    expect(events[0]).toEqual({
      event: 'start',
      run: run.id,
      folder: run.folder,
      backend: 'cpu',
      device: 'test',
      spec: JSON.parse(readFileSync(run.spec, 'utf8')),
    });
    // The last batch is smaller.
    expect(events.slice(1, -1).map(({ iteration, episodes }) => [iteration, episodes])).toEqual([
      [1, 4],
      [2, 8],
      [3, 12],
      [4, 16],
      [5, 20],
      [6, 21],
    ]);
    for (const metrics of events.slice(1, -1)) {
      expect(Object.keys(metrics).sort()).toEqual(['episodes', 'episodesPerSecond', 'event', 'iteration', 'loss', 'relativeError']);
    }
    const weighted = events.slice(1, -1).reduce((sum, { loss }, index) => sum + Number(loss) * (index === 5 ? 1 : 4), 0) / 21;
    const done = events.at(-1)!;
    expect(done).toMatchObject({ event: 'done', run: run.id, folder: run.folder, episodes: 21, loss: expect.closeTo(weighted, 10) });
    expect(Object.keys(done).sort()).toEqual(
      ['episodes', 'episodesPerSecond', 'event', 'folder', 'loss', 'peakRssBytes', 'relativeError', 'run', 'seconds', 'verdict'].sort(),
    );
    expect(Number(done['peakRssBytes'])).toBeGreaterThan(20e6);
  });

  it('speaks to people otherwise', async () => {
    const { code, stdout, stderr } = await lab.run([...train, '--variant', 'yoked']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain('backend  cpu: test');
    expect(stdout).toContain(
      'preset   variant yoked, 21 episodes (preset: 40,000), batch 4 (preset: 1), learningRate 0.01 (preset: 0.0001)',
    );
    expect(stdout).toMatch(/finished 21 episodes in .* s/);
    const picture = /held-out episodes: (.*)/.exec(stdout)?.[1];
    expect(readFileSync(picture!).subarray(1, 4).toString()).toBe('PNG');
    for (const command of ['resume', 'evaluate', 'export'])
      expect(stdout).toContain(`npm start -- ${command} ${/run +(.*)/.exec(stdout)?.[1]}`);
    expect(stdout).not.toContain('\x1b');
  });

  it('gives the same losses for the same seed, and others for another', async () => {
    const losses = async (seed: string) =>
      parseEvents((await lab.run([...train, '--seed', seed, '--json'])).stdout).flatMap(({ loss }) => loss ?? []);
    const [once, again, other] = [await losses('5'), await losses('5'), await losses('6')];
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
  });

  it('stops with a checkpoint, quietly, when nobody reads its output any more', async () => {
    const cli = lab.start([...train, '--episodes', '10000000', '--json']);
    const { run } = await cli.until(({ event }) => event === 'start');
    await cli.until(({ event }) => event === 'metrics');
    cli.child.stdout!.destroy();
    const { code, stderr } = await cli.ended;
    expect([code, stderr]).toEqual([130, '']);
    expect(existsSync(lab.runs().find(({ id }) => id === run)!.checkpoints)).toBe(true);
  });
});

describe('evaluate and export', () => {
  it('answer from the newest checkpoint', async () => {
    const trained = await lab.run([...train, '--json']);
    const run = { id: parseEvents(trained.stdout).at(-1)!['run'] as string };
    const evaluated = await lab.run(['evaluate', 'last', '--episodes', '7', '--json']);
    expect(evaluated.code).toBe(0);
    expect(parseEvents(evaluated.stdout)).toEqual([
      { event: 'evaluation', run: run.id, iteration: 6, episodes: 7, loss: expect.any(Number), relativeError: expect.any(Number) },
    ]);

    const to = join(lab.data, 'exported', 'files');
    const exported = await lab.run(['export', run.id, '--to', to, '--episode', '12', '--json']);
    const files = [join(to, 'weights.safetensors'), join(to, 'episode.safetensors')];
    expect(parseEvents(exported.stdout)).toEqual([{ event: 'export', run: run.id, iteration: 6, folder: to, files }]);
    expect(Object.keys(decodeSafetensors(readFileSync(files[0]!)).arrays).sort()).toEqual(['eta', 'w']);
    expect(decodeSafetensors(readFileSync(files[1]!)).arrays['seed']?.data).toEqual(Int32Array.of(12));
  });
});

describe('experiments', () => {
  it('prints an array with --json', async () => {
    const { stdout } = await lab.run(['experiments', '--json']);
    const [images] = JSON.parse(stdout) as Record<string, unknown>[];
    const numbers = ['episodes', 'batch'];
    const texts = ['presets', 'score', 'data', 'parameters', 'references', 'deviations'];
    expect(Object.keys(images!)).toEqual(['name', 'title', 'variants', 'variantParameters', 'ruleParameters', ...numbers, ...texts]);
    expect(images).toMatchObject({ name: 'images', variants: ['free', 'yoked', 'non-plastic', 'lstm'], episodes: 40_000, batch: 1 });
    expect(images).toMatchObject({ score: { name: 'relativeError', better: 'lower', format: 'number' }, data: 'images' });
    expect(images).toMatchObject({ parameters: { learningRate: { default: 1e-4, source: expect.any(String) } } });
  });

  it('prints one alone by its name', async () => {
    const { stdout } = await lab.run(['experiments', 'binary', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([
      { name: 'binary', presets: [{ name: 'small', origins: { evaluationEvery: { source: 'ours' } } }, {}, {}] },
    ]);
    expect((await lab.run(['experiments', 'binry'])).stderr).toContain('did you mean "binary"?');
  });
});

describe('help', () => {
  const commands = [
    ...[
      'train',
      'resume',
      'retry',
      'clone',
      'watch',
      'stop',
      'pause',
      'queue',
      'runs',
      'show',
      'metrics',
      'log',
      'evaluate',
      'tag',
      'note',
    ],
    ...['name', 'group', 'protect', 'rm', 'restore', 'purge', 'export', 'import', 'datasets', 'experiments', 'explain', 'doctor', 'bench'],
    ...['host', 'backup', 'rebuild'],
  ];
  it.each([[['--help']], [[]]])('lists the commands: %j', async (args) => {
    const { code, stdout } = await lab.run(args);
    expect(code).toBe(0);
    for (const command of commands) expect(stdout).toContain(`  ${command} `);
  });
});

describe('bad input', () => {
  it.each([
    ['trian images', 'unknown-command', 'did you mean "train"?'],
    ['train', 'missing-argument', '<experiment>'],
    ['train image', 'unknown-experiment', 'did you mean "images"?'],
    ['train images more', 'excess-arguments', 'too many arguments'],
    ['train images --episods 3', 'unknown-option', 'did you mean "--episodes"?'],
    ['train images --episodes', 'option-missing-argument', '--episodes'],
    ['train images --episodes 0', 'out-of-range', 'a whole number from 1 to 1000000000, not "0"'],
    ['train images --episodes 1.5', 'out-of-range', 'not "1.5"'],
    ['train images --batch 2000', 'out-of-range', 'from 1 to 1024, not "2000"'],
    ['train images --seed -1', 'out-of-range', 'not "-1"'],
    ['train images --variant yolked', 'unknown-variant', 'did you mean "yoked"?'],
    ['train images --backend tensorflw', 'unknown-backend', 'did you mean "tensorflow"?'],
    ['train images --precision double', 'unknown-precision', 'float32'],
    ['train images --set learning_rte=1', 'unknown-parameter', 'did you mean "learningRate"?'],
    ['train images --set learningRate=2', 'parameter-out-of-range', 'a number from 0 to 1, not "2"'],
    ['train images --set learningRate', 'setting-invalid', 'NAME=VALUE'],
    ['train images --dataset /nowhere', 'dataset-missing', '/nowhere'],
    ['train images --data /dev/null/lab', 'data-folder-not-writable', '/dev/null/lab'],
    ['resume nothing', 'unknown-run', 'there is no run "nothing"'],
    ['evaluate nothing', 'unknown-run', 'there is no run "nothing"'],
    ['export nothing', 'missing-mandatory-option-value', '--to'],
    ['explain image', 'unknown-experiment', 'did you mean "images"?'],
    ['queue mov last', 'unknown-command', 'did you mean "move"?'],
    ['host', 'missing-command', 'host needs a command: status, stop, settings'],
    ['datasets ad /tmp', 'unknown-command', 'there is no command "datasets ad": did you mean "add"?'],
    ['host stat', 'unknown-command', 'did you mean "status"?'],
    ['train images --seeds 3..1', 'range-invalid', 'not "3..1"'],
    ['train images --seeds 1..2000', 'range-invalid', 'at most 1000 of them'],
    ['train images --seeds 1,2 --seed 3', 'options-exclusive', '--seed and --seeds'],
    ['train images --dataset nothing', 'unknown-dataset', 'there is no data set "nothing"'],
    [`train images --tag ${'x'.repeat(61)}`, 'tag-invalid', 'at most 60 characters'],
    [`train images --name ${'x'.repeat(201)}`, 'text-too-long', 'a name has at most 200 characters, not 201'],
    ['runs --status finishd', 'unknown-status', 'did you mean "finished"?'],
    ['runs --where los<3', 'unknown-column', 'did you mean "loss"?'],
    ['runs --where loss', 'condition-invalid', 'as in \'loss<20\', not "loss"'],
    ['runs --sort los', 'unknown-column', 'did you mean "loss"?'],
    ['runs --columns los', 'unknown-column', 'did you mean "loss"?'],
    ['runs --group-by seeds,loss', 'options-exclusive', '--group-by seeds'],
    ['runs --seed x', 'range-invalid', '1..5, not "x"'],
    ['runs --limit 0', 'out-of-range', '--limit must be a whole number from 1 to 20000, not "0"'],
    ['show nothing', 'unknown-run', 'there is no run "nothing"'],
    [`show ${'x'.repeat(300)}`, 'unknown-run', 'no id has 300 characters'],
    ['metrics last loss --from 3 --to 2', 'range-invalid', '--from 3 comes after --to 2'],
    ['log last --lines 0', 'out-of-range', '--lines'],
    ['purge', 'trash-empty', 'the trash is empty'],
    ['export last --to x --archive y', 'options-exclusive', '--archive and --to'],
    ['export last --to x --metrics csv --episode 1', 'options-exclusive', '--episode and --metrics'],
    ['export last last --to x --episode 1', 'options-exclusive', '--episode takes one run, not 2'],
    ['export last --to x --metrics xls', 'unknown-format', 'csv, jsonl'],
    ['import ', 'empty-path', 'a path must not be empty'],
    ['datasets add ', 'empty-path', 'a path must not be empty'],
    ['export last --to ', 'empty-path', 'a path must not be empty'],
    ['runs --data ', 'empty-option', '--data must not be empty'],
    ['import /nowhere', 'archive-unreadable', 'there is no such file'],
    ['datasets add /nowhere', 'dataset-missing', '/nowhere'],
    ['datasets add /tmp --copy --in-place', 'options-exclusive', '--copy and --in-place'],
    ['datasets rm photographs', 'dataset-built-in', 'comes with Engram'],
    ['datasets show photo', 'unknown-dataset', 'photographs'],
    ['host settings cpuSlot=2', 'unknown-setting', 'did you mean "cpuSlots"?'],
    ['host settings cpuSlots=x', 'setting-invalid', 'cpuSlots must be a whole number from 0 to 64, not "x"'],
    ['host settings resumeInterrupted=1', 'setting-invalid', 'true or false, not "1"'],
    ['host settings cpuSlots', 'setting-invalid', 'NAME=VALUE'],
  ])('%s', async (line, code, message) => {
    const runs = lab.runs().length;
    const result = await lab.run([...line.split(' '), '--json']);
    expect(result).toMatchObject({ code: 2, stderr: '' });
    expect(parseEvents(result.stdout)).toEqual([{ event: 'error', code, message: expect.stringContaining(message) }]);
    expect(lab.runs()).toHaveLength(runs);
  });

  it('is one sentence for people, and a stack trace only with --verbose', async () => {
    const quiet = await lab.run(['train', 'image']);
    expect(quiet).toEqual({ code: 2, stdout: '', stderr: 'engram: there is no experiment "image": did you mean "images"?\n' });
    expect(await lab.start(['train', 'image']).ended).toEqual(quiet);
    expect((await lab.run(['train', 'image', '--verbose'])).stderr).toContain('    at ');
  });
});
