import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseNumberList } from '../../core/contract/numbers.ts';
import { describeNumbers, trainCommand, type TrainRequest } from '../../core/contract/train-command.ts';
import { createRunSpec } from '../../core/experiments/create-run-spec.ts';
import { addAboutOptions, readAbout, type AboutOptions } from './about-options.ts';
import { addSpecOptions, readNumberList, readSpec, type SpecOptions } from './options.ts';

const folder = mkdtempSync(join(tmpdir(), "engram it's-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a shell makes of it. */
function splitByShell(command: string): string[] {
  return execFileSync('sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

/** What `train` makes of the words after `npm start --`. */
function readBack(command: string): unknown {
  const [npm, start, dashes, train, ...words] = splitByShell(command);
  expect([npm, start, dashes, train]).toEqual(['npm', 'start', '--', 'train']);
  let read: unknown;
  const program = addAboutOptions(addSpecOptions(new Command('train').argument('<experiment>')))
    .option('--seeds <LIST>')
    .action((experiment: string, options: SpecOptions & AboutOptions & { seeds?: string }) => {
      const { seed, ...spec } = readSpec(experiment, options);
      const seeds = options.seeds === undefined ? [seed] : readNumberList('--seeds', options.seeds, Number.MAX_SAFE_INTEGER, 1000);
      read = { spec, seeds, ...readAbout(options) };
    });
  program.parse(words, { from: 'user' });
  return read;
}

const preset = createRunSpec({ experiment: 'images' });
const word = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter((text) => !text.includes('\0') && text.trim() === text);
const choices = fc.record(
  {
    variant: fc.constantFrom('free', 'yoked', 'non-plastic'),
    episodes: fc.integer({ min: 1, max: 1e9 }),
    batch: fc.integer({ min: 1, max: 1024 }),
    // Those whose devices may have any name.
    backend: fc.constantFrom('auto', 'webgpu'),
    device: word,
    precision: fc.constantFrom('float32', 'mixed'),
    dataset: fc.constant(folder),
    settings: fc.record(
      {
        learningRate: fc.double({ min: 0, max: 1, noNaN: true }),
        adamEpsilon: fc.double({ min: 1e-12, max: 1, noNaN: true }),
        rule: fc.constantFrom('hebb', 'oja'),
        imageSize: fc.constantFrom(4, 16, 64),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
const seeds = fc.oneof(
  fc.constant([1]),
  fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 12 }).map((list) => list.sort((a, b) => a - b)),
);
const about = fc.record(
  { name: word, note: word, group: word, tags: fc.array(fc.stringMatching(/^[a-z-]{1,8}$/), { minLength: 1, maxLength: 3 }) },
  { requiredKeys: [] },
);

describe('trainCommand', () => {
  it('is read back as the same request, whatever shell signs are in it', () => {
    fc.assert(
      fc.property(choices, seeds, about, (chosen, seedList, said) => {
        const { seed: _seed, ...spec } = createRunSpec({ experiment: 'images', ...chosen });
        const request: TrainRequest = { spec, seeds: seedList, ...said };
        expect(readBack(trainCommand(request, preset))).toEqual(request);
      }),
      { numRuns: 150 },
    );
  });

  it('says nothing of what the preset says', () => {
    const { seed, ...spec } = preset;
    expect(trainCommand({ spec, seeds: [seed] }, preset)).toBe('npm start -- train images');
  });

  it('quotes what needs it, for every shell where that can be', () => {
    const { seed, ...spec } = preset;
    const say = (name: string) => trainCommand({ spec, seeds: [seed], name }, preset);
    expect(say('free alpha')).toBe('npm start -- train images --name "free alpha"');
    expect(say('cost $5, it’s')).toBe("npm start -- train images --name 'cost $5, it’s'");
    expect(say('-x')).toBe('npm start -- train images --name=-x');
  });
});

describe('lists of numbers', () => {
  it.each([
    ['1..5', [1, 2, 3, 4, 5]],
    ['1,4, 7', [1, 4, 7]],
    ['2..3,9,3', [2, 3, 9]],
    ['0', [0]],
  ])('reads %s', (text, numbers) => expect(parseNumberList(text, 100, 20)).toEqual(numbers));

  it.each(['', '5..1', '1.5', '1-5', 'a', '1..', '101', '1..30', '-1', '1,,2'])('refuses "%s"', (text) => {
    expect(parseNumberList(text, 100, 20)).toBeUndefined();
  });

  it('describes them as they are read', () => {
    expect(describeNumbers([1, 2, 3, 5, 8, 9])).toBe('1..3,5,8,9');
  });
});
