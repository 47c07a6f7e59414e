import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ExtensionFile } from '../../core/contract/extension.ts';
import { readSpecFile } from '../run-folder/spec-file.ts';
import { createLab, historyOf, lossesOf, parseEvents, type Lab } from '../trainer/test-support/lab.ts';
import { templatePath } from './write-template.ts';

let lab: Lab;
let folder: string;
beforeAll(() => {
  lab = createLab({ training: 'real' });
  folder = join(lab.data, 'extensions');
  mkdirSync(folder, { recursive: true });
});
afterAll(() => lab.remove());
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
const template = readFileSync(templatePath('task'), 'utf8');
const write = (file: string, text: string) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), text);
};
const list = async (): Promise<ExtensionFile[]> => {
  const { stdout } = await lab.run(['--json', 'extensions']);
  return (JSON.parse(stdout) as { files: ExtensionFile[] }).files;
};
const train = (...args: string[]) => lab.run(['--json', 'train', ...args, '--backend', 'cpu']);
const small = ['--set', 'valueBits=4', '--set', 'keyBits=6', '--set', 'evaluationEvery=0', '--set', 'checkpointEvery=5'];

describe('a task of the user', () => {
  it('is trained from the template as it is written, and goes on exactly where it stopped', async () => {
    const made = await lab.run(['extensions', 'new', 'task', 'paired']);
    expect(made.stdout).toContain('train paired');
    expect(readFileSync(join(folder, 'paired.ts'), 'utf8')).toBe(template);

    expect((await train('paired', ...small, '--episodes', '80')).code).toBe(0);
    expect((await train('paired', ...small, '--episodes', '40')).code).toBe(0);
    const [whole, part] = lab.runs();
    const { code } = await lab.run(['resume', part!.id, '--episodes', '80']);
    expect(code).toBe(0);
    expect(lossesOf(part!)).toHaveLength(20);
    expect(lossesOf(part!)).toEqual(lossesOf(whole!));

    // Which code it was stands in the spec and in the record of each start.
    const { extensions } = await readSpecFile(whole!);
    expect(extensions).toMatchObject([{ kind: 'task', name: 'paired', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(historyOf(whole!).start!.environment).toMatchObject({ 'task paired': `SHA-256 ${extensions![0]!.sha256}` });
  });

  it('is listed among the experiments with all its parameters, explained, and evaluated', async () => {
    write('paired.ts', template);
    const { stdout } = await lab.run(['--json', 'experiments']);
    const experiments = JSON.parse(stdout) as { name: string; parameters: object; variants: string[] }[];
    const paired = experiments.find(({ name }) => name === 'paired')!;
    expect(Object.keys(paired.parameters)).toEqual(expect.arrayContaining(['pairs', 'keyBits', 'rule', 'learningRate', 'checkpointEvery']));
    expect(paired.variants).toEqual(['free', 'yoked', 'non-plastic', 'lstm']);

    const explained = await lab.run(['explain', 'paired', '--set', 'pairs=2']);
    expect(explained.stdout).toContain('25 neurons, 11 steps an episode');

    await train('paired', ...small, '--episodes', '8');
    const evaluated = await lab.run(['--json', 'evaluate', 'last', '--episodes', '10']);
    const [event] = parseEvents(evaluated.stdout);
    expect(event).toMatchObject({ event: 'evaluation', episodes: 10, wrongBits: expect.any(Number) });

    // Its runs are filtered and grouped like others, also when it has gone.
    rmSync(join(folder, 'paired.ts'));
    const asked = ['--experiment', 'paired', '--where', 'pairs=3', '--columns', 'pairs,score'];
    const listed = await lab.run(['runs', ...asked]);
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^pairs +wrong bits|^pairs +score/) });
    expect(listed.stdout.split('\n').slice(1).join()).toMatch(/3 +[\d.]+ %/);
    const grouped = await lab.run(['runs', '--experiment', 'paired', '--group-by', 'seeds']);
    expect(grouped.stdout).toMatch(/[\d.]+ %/);
    expect(await lab.run(['runs', '--where', 'pears=3'])).toMatchObject({ code: 2, stderr: expect.stringContaining('"pairs"') });
  });

  it.each(['yoked', 'non-plastic', 'lstm'])('is trained with the network %s', async (variant) => {
    write('paired.ts', template);
    const { code, stderr } = await train('paired', ...small, '--episodes', '8', '--variant', variant);
    expect([code, stderr]).toEqual([0, '']);
    expect(lossesOf(lab.runs().at(-1)!).every(Number.isFinite)).toBe(true);
  });

  it('learns', async () => {
    write('paired.ts', template);
    await train('paired', '--episodes', '1000', '--set', 'evaluationEvery=0');
    const losses = lossesOf(lab.runs().at(-1)!) as number[];
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    // Answering zero costs 8, one for each bit.
    expect(mean(losses.slice(0, 10))).toBeGreaterThan(6);
    expect(mean(losses.slice(-50))).toBeLessThan(3);
  });

  it('can be looked at when its file has changed or gone, and then refuses to go on', async () => {
    write('paired.ts', template);
    await train('paired', ...small, '--episodes', '8');
    const { id } = lab.runs().at(-1)!;
    const resume = () => lab.run(['resume', id, '--episodes', '16']);

    write('paired.ts', `${template}\n// changed\n`);
    expect(await resume()).toMatchObject({ code: 2, stderr: expect.stringMatching(/the task "paired" has changed since this run began/) });
    rmSync(join(folder, 'paired.ts'));
    expect(await resume()).toMatchObject({ code: 2, stderr: expect.stringContaining('is not in') });
    const shown = await lab.run(['show', id]);
    expect(shown.stdout).toMatch(/state +finished/);
    expect(shown.stdout).toMatch(/wrong bits/);
    expect(shown.stdout).toMatch(/own code +task paired \(SHA-256/);

    write('paired.ts', template);
    expect((await resume()).code).toBe(0);
  });

  it('is taken as it is now by a clone', async () => {
    write('paired.ts', template);
    await train('paired', ...small, '--episodes', '8');
    const { id } = lab.runs().at(-1)!;
    write('paired.ts', `${template}\n// changed\n`);
    expect((await lab.run(['clone', id])).code).toBe(0);
    const [before, after] = await Promise.all(lab.runs().slice(-2).map(readSpecFile));
    expect(after!.parameters).toEqual(before!.parameters);
    expect(after!.extensions![0]!.sha256).not.toBe(before!.extensions![0]!.sha256);
  });

  it('ends its run with file and line where its code fails in the middle of the training', async () => {
    write(
      'paired.ts',
      template
        .replace('drawEpisode({ asked }: Plan, random): Episode {', '$& if (++calls > 20) throw new Error("no more");')
        .replace('export default', 'let calls = 0;\n\nexport default'),
    );
    const { code, stdout } = await train('paired', ...small, '--episodes', '80');
    const line =
      readFileSync(join(folder, 'paired.ts'), 'utf8')
        .split('\n')
        .findIndex((text) => text.includes('no more')) + 1;
    expect([code, stdout]).toEqual([2, expect.stringContaining(`paired.ts, line ${line}: no more`)]);
  });
});

describe('a network of the user', () => {
  const network = readFileSync(templatePath('network'), 'utf8');

  it('is trained from the template on a task of its own and on one of Engram, and goes on exactly', async () => {
    write('paired.ts', template);
    write('leaky.ts', network);
    const options = [...small, '--variant', 'leaky'];
    expect((await train('paired', ...options, '--episodes', '80')).code).toBe(0);
    expect((await train('paired', ...options, '--episodes', '40')).code).toBe(0);
    const [whole, part] = lab.runs().slice(-2);
    expect((await lab.run(['resume', part!.id, '--episodes', '80'])).code).toBe(0);
    expect(lossesOf(part!)).toEqual(lossesOf(whole!));
    const { extensions } = await readSpecFile(whole!);
    expect(extensions!.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual(['network leaky', 'task paired']);

    const binary = ['--preset', 'small', '--set', 'bits=10', '--set', 'evaluationEvery=0', '--variant', 'leaky', '--episodes', '4'];
    expect(await train('binary', ...binary)).toMatchObject({ code: 0 });
    const images = ['--set', 'imageSize=4', '--set', 'evaluationEvery=0', '--variant', 'leaky', '--episodes', '2'];
    expect(await train('images', ...images)).toMatchObject({ code: 0 });
    const explained = await lab.run(['explain', 'binary', ...binary]);
    // w and the bias of 11 neurons.
    expect(explained.stdout).toContain('132 trained numbers');
  });

  it('has hyper-parameters of its own, which no other variant knows', async () => {
    write('paired.ts', template);
    write('leaky.ts', network);
    const options = [...small, '--episodes', '8'];
    expect((await train('paired', ...options, '--variant', 'leaky', '--set', 'leak=0.25')).code).toBe(0);
    const own = lab.runs().at(-1)!;
    expect((await readSpecFile(own)).parameters).toMatchObject({ leak: 0.25, pairs: 3 });
    expect((await train('paired', ...options, '--variant', 'leaky')).code).toBe(0);
    const usual = lab.runs().at(-1)!;
    expect((await readSpecFile(usual)).parameters['leak']).toBe(0.5);
    expect(lossesOf(own)).not.toEqual(lossesOf(usual));

    const beyond = await train('paired', ...options, '--variant', 'leaky', '--set', 'leak=2');
    expect([beyond.code, beyond.stdout]).toEqual([2, expect.stringContaining('parameter leak must be a number from 0.01 to 1')]);
    const other = await train('paired', ...options, '--set', 'leak=0.25');
    expect([other.code, other.stdout]).toEqual([2, expect.stringContaining('there is no parameter \\"leak\\"')]);

    const found = await lab.run(['--json', 'runs', '--where', 'leak<0.3', '--sort', 'leak']);
    expect(found.stdout).toContain(own.folder.split('/').at(-1));
    expect(found.stdout).not.toContain(usual.folder.split('/').at(-1));

    // A clone with another network leaves them behind.
    const id = own.folder.split('/').at(-1)!;
    expect((await lab.run(['clone', id, '--variant', 'free'])).code).toBe(0);
    expect((await readSpecFile(lab.runs().at(-1)!)).parameters).not.toHaveProperty('leak');
    expect((await lab.run(['--json', 'experiments'])).stdout).toContain('"variantParameters":{"leaky":{"leak":{');
    expect((await lab.run(['experiments'])).stdout).toMatch(/Of leaky alone:\n +leak +0\.5 +a number from 0\.01 to 1/);
  });

  it('is refused with a hyper-parameter that runs have already', async () => {
    write('leaky.ts', network.replace('leak:', 'bits:'));
    expect((await list())[0]!.problem).toBe('leaky.ts: the parameter "bits" is taken: runs have one of this name already');
    write('leaky.ts', network.replace('leak:', 'precision:'));
    expect((await list())[0]!.problem).toContain('the parameter "precision" is taken');
    // One of a task of the user's is met where both come together.
    write('paired.ts', template);
    write('leaky.ts', network.replace('leak:', 'pairs:').replace("settings['leak']", "settings['pairs']"));
    const both = await train('paired', ...small, '--variant', 'leaky');
    expect([both.code, both.stdout]).toEqual([2, expect.stringContaining('both have a parameter \\"pairs\\"')]);
  });

  it('is refused with the place where its gradient is wrong', async () => {
    write('leaky.ts', network.replace('scale(free, 1 - leak))', 'scale(free, 1))'));
    const [file] = await list();
    expect(file!.problem).toMatch(/^leaky\.ts: the gradient of w\[\d+\] is \S+, where central differences give \S+$/);
  });

  it('is refused where an array has no gradient', async () => {
    write('leaky.ts', network.replace(', bias: sumRows(all) }', ' }'));
    expect((await list())[0]!.problem).toBe('leaky.ts: differentiate gives no gradient of bias');
  });

  it('is no variant of an experiment that is no recall', async () => {
    write('leaky.ts', network);
    expect(await train('maze', '--variant', 'leaky')).toMatchObject({ code: 2, stdout: expect.stringContaining('there is no variant') });
  });
});

describe('a rule of the user', () => {
  const rule = readFileSync(templatePath('rule'), 'utf8');

  it('is trained from the template on a task of its own and on one of Engram, and goes on exactly', async () => {
    write('paired.ts', template);
    write('mirrored.ts', rule);
    const options = [...small, '--set', 'rule=mirrored'];
    expect((await train('paired', ...options, '--episodes', '80')).code).toBe(0);
    expect((await train('paired', ...options, '--episodes', '40')).code).toBe(0);
    const [whole, part] = lab.runs().slice(-2);
    expect((await lab.run(['resume', part!.id, '--episodes', '80'])).code).toBe(0);
    expect(lossesOf(part!)).toEqual(lossesOf(whole!));
    const { extensions, parameters } = await readSpecFile(whole!);
    expect(parameters['rule']).toBe('mirrored');
    expect(extensions!.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual(['rule mirrored', 'task paired']);

    const binary = ['--preset', 'small', '--set', 'bits=10', '--set', 'evaluationEvery=0', '--set', 'rule=mirrored', '--episodes', '4'];
    expect(await train('binary', ...binary, '--variant', 'yoked')).toMatchObject({ code: 0 });
    const explained = await lab.run(['explain', 'binary', ...binary]);
    expect(explained.stdout).toContain('Form: dense: the rule mirrored is run connection by connection');
  });

  it('has hyper-parameters of its own, which no other rule knows', async () => {
    write('paired.ts', template);
    write('mirrored.ts', rule);
    const options = [...small, '--episodes', '8'];
    expect((await train('paired', ...options, '--set', 'rule=mirrored', '--set', 'decay=0.5')).code).toBe(0);
    const own = lab.runs().at(-1)!;
    expect((await readSpecFile(own)).parameters).toMatchObject({ rule: 'mirrored', decay: 0.5 });
    expect((await train('paired', ...options, '--set', 'rule=mirrored')).code).toBe(0);
    const usual = lab.runs().at(-1)!;
    expect((await readSpecFile(usual)).parameters['decay']).toBe(1);
    expect(lossesOf(own)).not.toEqual(lossesOf(usual));

    const beyond = await train('paired', ...options, '--set', 'rule=mirrored', '--set', 'decay=11');
    expect([beyond.code, beyond.stdout]).toEqual([2, expect.stringContaining('parameter decay must be a number from 0 to 10')]);
    const other = await train('paired', ...options, '--set', 'decay=0.5');
    expect([other.code, other.stdout]).toEqual([2, expect.stringContaining('there is no parameter \\"decay\\"')]);

    const found = await lab.run(['--json', 'runs', '--where', 'decay<0.7']);
    const [ownId, usualId] = [own, usual].map(({ folder }) => folder.split('/').at(-1)!) as [string, string];
    expect(found.stdout).toContain(ownId);
    expect(found.stdout).not.toContain(usualId);

    // A clone keeps them under the same rule, and leaves them behind under another one.
    expect((await lab.run(['clone', ownId, '--set', 'bits=1'])).stderr).toContain('"bits"');
    expect((await lab.run(['clone', ownId])).code).toBe(0);
    expect((await readSpecFile(lab.runs().at(-1)!)).parameters['decay']).toBe(0.5);
    expect((await lab.run(['clone', ownId, '--set', 'rule=oja'])).code).toBe(0);
    expect((await readSpecFile(lab.runs().at(-1)!)).parameters).not.toHaveProperty('decay');
    expect((await lab.run(['--json', 'experiments'])).stdout).toContain('"ruleParameters":{"mirrored":{"decay":{');
    expect((await lab.run(['experiments'])).stdout).toMatch(/Of rule=mirrored alone:\n +decay +1 +a number from 0 to 10/);
  });

  it('is refused with a hyper-parameter that runs have already', async () => {
    write('mirrored.ts', rule.replace('decay:', 'bits:'));
    expect((await list())[0]!.problem).toBe('mirrored.ts: the parameter "bits" is taken: runs have one of this name already');
    write('paired.ts', template);
    write('mirrored.ts', rule);
    write(
      'leaky.ts',
      readFileSync(templatePath('network'), 'utf8').replace('leak:', 'decay:').replace("settings['leak']", "settings['decay']"),
    );
    const both = await train('paired', ...small, '--variant', 'leaky', '--set', 'rule=mirrored');
    expect([both.code, both.stdout]).toEqual([2, expect.stringContaining('the rule mirrored and the variant leaky both have a parameter')]);
  });

  it('is refused with the place where its derivative is wrong', async () => {
    write('mirrored.ts', rule.replace('2 * decay', 'decay'));
    expect((await list())[0]!.problem).toMatch(
      /^mirrored\.ts: the derivative by before is \S+, where central differences give \S+, for trace /,
    );
  });

  it('is refused where a derivative is missing', async () => {
    write('mirrored.ts', rule.replace(/ {4}into\.eta.*\n/, ''));
    expect((await list())[0]!.problem).toMatch(/^mirrored\.ts: the derivative by eta is NaN/);
  });
});

describe('the dense form', () => {
  it('learns as the engine does where the rule is one of its own', async () => {
    const hebb = readFileSync(templatePath('rule'), 'utf8')
      .replace('trace + eta * before * (now - decay * before * trace)', '(1 - eta) * trace + eta * before * now')
      .replace('1 - eta * decay * before * before', '1 - eta')
      .replace('eta * (now - 2 * decay * before * trace)', 'eta * now')
      .replace('before * (now - decay * before * trace)', 'before * now - trace');
    write('paired.ts', template);
    write('my-hebb.ts', hebb);
    for (const variant of ['free', 'yoked']) {
      for (const chosen of ['hebb', 'my-hebb']) {
        expect((await train('paired', ...small, '--episodes', '80', '--variant', variant, '--set', `rule=${chosen}`)).code).toBe(0);
      }
      const [engine, own] = lab.runs().slice(-2).map(lossesOf) as number[][];
      own!.forEach((loss, iteration) => expect(loss / engine![iteration]!).toBeCloseTo(1, 3));
    }
  });
});

describe('a broken file', () => {
  const cases: readonly (readonly [what: string, file: string, text: string, problem: RegExp])[] = [
    ['a syntax error', 'broken.ts', 'const a = 1;\nconst b = ;\n', /^broken\.ts, line 2: /],
    ['a syntax error in JavaScript', 'broken.js', 'const a = 1;\nconst b = ;\n', /^broken\.js, line 2: /],
    ['an error at its top', 'top.ts', '\n\nthrow new Error("not today");', /^top\.ts, line 3: not today$/],
    ['TypeScript that Node cannot strip', 'enum.ts', 'export enum A { B }', /^enum\.ts, line 1: TypeScript enum is not supported/],
    ['no default export', 'none.ts', 'export const a = 1;', /^none\.ts: the file must export an object by default, not undefined$/],
    ['another kind', 'kind.ts', 'export default { kind: "tusk" };', /^kind\.ts: kind must be one of task, rule, network, not "tusk"$/],
    [
      'an import',
      'import.ts',
      'import { a } from "./other.ts"; export default a;',
      /^import\.ts: .*may import at run time only node:…, not "\.\/other\.ts"$/,
    ],
    ['an end of its process', 'exit.ts', 'process.exit(3);', /^exit\.ts ended its process without an answer \(code 3\)$/],
    ['the name of an experiment', 'images.ts', template, /^images\.ts: the name "images" is taken by Engram's experiment "images"/],
    ['the name of a network', 'lstm.ts', template, /^lstm\.ts: the name "lstm" is taken by Engram's variant "lstm"/],
    ['a name with spaces', 'a task.ts', template, /^a task\.ts: the file's name must be two to forty small letters/],
    [
      'a field that is none',
      'field.ts',
      template.replace('title:', 'titel:'),
      /^field\.ts: a task has no field "titel": did you mean "title"\?$/,
    ],
    ['no title', 'title.ts', template.replace(/ {2}title: .*\n/, ''), /^title\.ts: title: /],
    [
      'a default out of its range',
      'range.ts',
      template.replace('default: 3, maximum: 20', 'default: 30, maximum: 20'),
      /^range\.ts: parameter pairs must be a whole number from 1 to 20, not 30$/,
    ],
    [
      'a parameter that every task has',
      'taken.ts',
      template.replace('valueBits:', 'learningRate:'),
      /^taken\.ts: the parameter "learningRate" is taken/,
    ],
    [
      'a score that every run has',
      'score.ts',
      template.replace("name: 'wrongBits'", "name: 'loss'"),
      /^score\.ts: the score's name "loss" is taken/,
    ],
    [
      'a target of another length',
      'target.ts',
      template.replace('outputs: valueBits', 'outputs: valueBits + 1'),
      /^target\.ts: the task's target must have 9 numbers, not 8$/,
    ],
    [
      'a vector with what is no number',
      'nan.ts',
      template
        .replace('target, key } = ', 'target, key: [first, ...key] } = ')
        .replace('none(valueBits), key, 0', 'none(valueBits), [NaN, ...key], 0'),
      /^nan\.ts: the task's vector 3 must be numbers, and number 8 is NaN$/,
    ],
    [
      'a step that names no vector',
      'step.ts',
      template.replace('vectors: pairs + 2', 'vectors: pairs'),
      /^step\.ts: a protocol's step 1 must name a given row within 0\.\.2, not 4$/,
    ],
    [
      'an error in its score',
      'late.ts',
      template.replace('return target.filter', 'return target.nothing.filter'),
      /^late\.ts, line \d+: Cannot read properties of undefined/,
    ],
  ];

  it('is said what is wrong with, whatever it is, and the others go on', async () => {
    write('paired.ts', template);
    for (const [, file, text] of cases) write(file, text);
    const files = await list();
    expect(files).toHaveLength(cases.length + 1);
    for (const [what, file, , problem] of cases) {
      // What two of these have in common: their name without its ending.
      const found = files.find((each) => each.file === file)!;
      if (file.startsWith('broken.')) expect(found.problem, what).toMatch(/^broken\.\w+ and broken\.\w+ have the same name "broken"/);
      else expect(found.problem, what).toMatch(problem);
    }
    expect(files.find(({ file }) => file === 'paired.ts')).toMatchObject({ problem: null, extension: { kind: 'task', name: 'paired' } });
    const { code, stdout } = await train('late', '--episodes', '4');
    expect([code, stdout]).toEqual([2, expect.stringContaining('late.ts, line')]);

    rmSync(join(folder, 'broken.js'));
    expect((await list()).find(({ file }) => file === 'broken.ts')!.problem).toMatch(cases[0]![3]);
    rmSync(join(folder, 'broken.ts'));
    write('broken.js', cases[1]![2]);
    expect((await list()).find(({ file }) => file === 'broken.js')!.problem).toMatch(cases[1]![3]);
  });
});

describe('extensions new', () => {
  it('writes what an editor needs to check the types, outside of the repository, too', async () => {
    for (const kind of ['task', 'network', 'rule']) await lab.run(['extensions', 'new', kind, `my-${kind}`]);
    const check = () => spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' });
    expect(check()).toMatchObject({ status: 0, stdout: '' });
    write('my-task.ts', template.replace('episodes: 1000', "episodes: 'many'"));
    expect(check()).toMatchObject({
      status: 2,
      stdout: expect.stringMatching(/my-task\.ts.* error .*'string' is not assignable to type 'number'/),
    });
  });

  it('writes over nothing, and takes no name that is taken', async () => {
    copyTemplate('mine.js');
    expect(await lab.run(['extensions', 'new', 'task', 'mine'])).toMatchObject({ code: 2, stderr: expect.stringContaining('mine.js') });
    expect(await lab.run(['extensions', 'new', 'task', 'binary'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Engram's experiment"),
    });
    expect(await lab.run(['extensions', 'new', 'tusk', 'mine'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean "task"?'),
    });
  });

  const copyTemplate = (file: string) => {
    mkdirSync(folder, { recursive: true });
    copyFileSync(templatePath('task'), join(folder, file));
  };
});
