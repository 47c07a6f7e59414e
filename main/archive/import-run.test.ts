import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportRunArchive } from './export-run.ts';
import { importRunArchive, type ImportRunOptions } from './import-run.ts';
import { createImportingFolder, removeStaleImports } from './importing-folder.ts';
import {
  compress,
  contentsOf,
  importedContents,
  makeSampleRun,
  manifestOf,
  sampleAbout,
  sampleFiles,
  sampleId,
  tarOf,
  type TarMember,
} from './test-support/sample-run.ts';

let folder: string;
let data: string;
let from: string;
/** What a sample run holds, in the archive's order. */
let files: Record<string, Uint8Array>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'engram-import-'));
  data = join(folder, 'data');
  from = join(folder, 'run.engram.tar.gz');
  mkdirSync(join(data, 'runs'), { recursive: true });
  const paths = await makeSampleRun(join(folder, 'origin'));
  await exportRunArchive({ paths, about: sampleAbout, engramVersion: 'test', to: from });
  const contents = contentsOf(paths.folder);
  files = Object.fromEntries(sampleFiles.map((path) => [path, contents[path]!]));
});
afterEach(() => rmSync(folder, { recursive: true }));

const importRun = (options: Partial<ImportRunOptions> = {}) =>
  importRunArchive({ from, runsFolder: join(data, 'runs'), exists: () => false, ...options });
const membersOf = (all: Readonly<Record<string, Uint8Array>>): TarMember[] =>
  Object.entries(all).map(([name, content]) => ({ header: { name }, content }));
const writeArchive = async (members: readonly TarMember[]) => writeFileSync(from, compress(await tarOf(members)));
const expectNothingLeft = () => {
  expect(readdirSync(data)).toEqual(['runs']);
  expect(readdirSync(join(data, 'runs'))).toEqual([]);
};

describe('importing a run', () => {
  it('takes an archive whose compression a browser has unpacked, and a folder of runs that is not there yet', async () => {
    writeFileSync(from, await tarOf([manifestOf(files), ...membersOf(files)]));
    rmSync(data, { recursive: true });
    expect(Object.keys(importedContents((await importRun()).folder))).toEqual(sampleFiles.toSorted());
  });

  it('takes the members in any order', async () => {
    await writeArchive([manifestOf(files), ...membersOf(files).reverse()]);
    expect((await importRun()).id).toBe(sampleId);
  });

  it('unpacks on the disk of the runs when their folder is a link', async () => {
    const disk = join(folder, 'disk');
    mkdirSync(join(disk, 'runs'), { recursive: true });
    rmSync(data, { recursive: true });
    mkdirSync(data);
    symlinkSync(join(disk, 'runs'), join(data, 'runs'), 'junction');
    const onProgress = () => expect(readdirSync(disk).some((name) => name.startsWith(`.importing-${sampleId}-${process.pid}-`))).toBe(true);
    await importRun({ onProgress });
    expect(readdirSync(disk)).toEqual(['runs']);
    expect(readdirSync(join(disk, 'runs'))).toEqual([sampleId]);
  });

  it('never replaces a run: one that the lab knows, one whose folder is there, one that came meanwhile', async () => {
    const refusal = { kind: 'input', code: 'run-exists', message: `run ${sampleId} is here already, and an import never replaces a run` };
    await expect(importRun({ exists: (id) => id === sampleId })).rejects.toMatchObject(refusal);
    expectNothingLeft();

    const target = join(data, 'runs', sampleId);
    const onProgress = () => {
      mkdirSync(target, { recursive: true });
      writeFileSync(join(target, 'mine'), '');
    };
    await expect(importRun({ onProgress })).rejects.toMatchObject(refusal);
    await expect(importRun()).rejects.toMatchObject(refusal);
    expect(readdirSync(data)).toEqual(['runs']);
    expect(readdirSync(target)).toEqual(['mine']);
  });

  it('twice at the same time gives one run', async () => {
    const results = await Promise.allSettled([importRun(), importRun(), importRun()]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'run-exists' });
    expect(readdirSync(data)).toEqual(['runs']);
  });

  it('leaves nothing when it is cancelled, at any moment', async () => {
    for (let at = 1; at <= 6; at++) {
      const cancelling = new AbortController();
      let calls = 0;
      const onProgress = () => {
        if (++calls === at) cancelling.abort();
      };
      await expect(importRun({ signal: cancelling.signal, onProgress })).rejects.toMatchObject({ name: 'AbortError' });
      expectNothingLeft();
    }
    await expect(importRun({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expectNothingLeft();
  });
});

describe('an archive that is refused', () => {
  const expectRefusal = async (code: string, message: string | RegExp) => {
    await expect(importRun()).rejects.toMatchObject({ kind: 'input', code, message: expect.stringMatching(message) });
    expectNothingLeft();
    expect(existsSync(join(folder, 'outside'))).toBe(false);
  };

  it.each([
    ['empty, not a run archive', ''],
    ['a zip archive, not a run archive', 'PK\x03\x04'],
    ['a file of another kind, not a run archive', 'x'.repeat(1000)],
  ])('is %s', async (what, content) => {
    writeFileSync(from, content);
    await expectRefusal('archive-format', what);
  });

  it('is not there, or a folder', async () => {
    rmSync(from);
    await expectRefusal('archive-unreadable', 'there is no such file');
    mkdirSync(from);
    await expectRefusal('archive-unreadable', 'it is a folder');
  });

  it.skipIf(process.platform === 'win32')('is a device, or a pipe that nobody writes to', async () => {
    rmSync(from);
    symlinkSync('/dev/null', from);
    await expectRefusal('archive-unreadable', 'neither a file nor a folder');
  });

  it('is a gzip file of something else', async () => {
    writeFileSync(from, compress(Buffer.alloc(2000, 'x')));
    await expectRefusal('archive-corrupted', 'a gzip file that holds no run archive');
  });

  it('is a tar archive without a manifest, or with nothing', async () => {
    await writeArchive(membersOf(files));
    await expectRefusal('archive-format', 'but not of a run: it begins with "spec.json", not with engram-archive.json');
    await writeArchive([]);
    await expectRefusal('archive-format', 'an empty tar archive');
  });

  it('was made by a newer Engram', async () => {
    await writeArchive([manifestOf(files, { version: 2, later: true }), ...membersOf(files)]);
    await expectRefusal('archive-version', 'was made by a newer Engram \\(archive version 2; this one reads 1\\)');
  });

  it.each([
    ['format', { format: 'other' }],
    ['id: a run is called', { id: '../outside' }],
    ['id: a run is called', { id: '.hidden' }],
    ['files.0.path: not a file of a run', { files: [{ path: '../outside', bytes: 1, sha256: '0'.repeat(64) }] }],
    ['files.0.path: not a file of a run', { files: [{ path: 'trainer.lock', bytes: 1, sha256: '0'.repeat(64) }] }],
    ['it names no spec.json', { files: [] }],
    ['it names a file twice', { files: Array.from({ length: 2 }, () => ({ path: 'spec.json', bytes: 1, sha256: '0'.repeat(64) })) }],
    ['Unrecognized key', { extra: 1 }],
  ])('has a manifest that is wrong: %s', async (reason, changes) => {
    await writeArchive([manifestOf(files, changes)]);
    await expectRefusal('archive-manifest', reason);
  });

  it('has a manifest that is no JSON, or endless', async () => {
    const name = 'engram-archive.json';
    await writeArchive([{ header: { name }, content: '{' }]);
    await expectRefusal('archive-manifest', 'not JSON');
    await writeArchive([{ header: { name }, content: new Uint8Array(5 * 2 ** 20) }]);
    await expectRefusal('archive-too-large', 'more than its manifest says');
  });

  it.each([
    ['archive-path', 'leads out', { header: { name: '../outside' }, content: 'x' }],
    ['archive-path', 'leads out', { header: { name: '/tmp/outside' }, content: 'x' }],
    ['archive-path', 'leads out', { header: { name: 'checkpoints\\..\\..\\outside' }, content: 'x' }],
    ['archive-path', '\\(symlink\\)', { header: { name: 'journal', type: 'symlink', linkname: '../../outside' } }],
    ['archive-path', '\\(link\\)', { header: { name: 'journal', type: 'link', linkname: '/etc/passwd' } }],
    ['archive-path', '\\(character-device\\)', { header: { name: 'journal', type: 'character-device' } }],
    ['archive-path', '\\(fifo\\)', { header: { name: 'journal', type: 'fifo' } }],
    ['archive-path', '\\(directory\\)', { header: { name: 'checkpoints', type: 'directory' } }],
    ['archive-member', 'does not name', { header: { name: 'stop' }, content: 'x' }],
    ['archive-member', 'or twice', { header: { name: 'spec.json' }, content: 'x' }],
  ] as const)('holds what does not belong there: %s, %s', async (code, reason, member) => {
    const [spec, ...rest] = membersOf(files);
    await writeArchive([manifestOf(files), spec!, member, ...rest]);
    await expectRefusal(code, reason);
    await writeArchive([manifestOf(files), spec!, ...rest.filter(({ header }) => header.name !== member.header.name), member]);
    await expectRefusal(code, reason);
  });

  it('lacks a file, or has one of another size or content', async () => {
    const members = membersOf(files);
    await writeArchive([manifestOf(files), ...members.slice(0, -1)]);
    await expectRefusal('archive-missing', 'lacks trainer.log');
    await writeArchive([manifestOf(files), ...membersOf({ ...files, 'picture.png': Buffer.from('pictures') })]);
    await expectRefusal('archive-size', 'picture.png with 8 bytes, and its manifest says 7');
    await writeArchive([manifestOf(files), ...membersOf({ ...files, 'picture.png': Buffer.from('pictvre') })]);
    await expectRefusal('archive-hash', 'picture.png does not fit its hash');
  });

  it('holds a run that this version cannot read, or a journal that is damaged', async () => {
    for (const [path, content, code, reason] of [
      ['spec.json', '{"version":9}', 'archive-spec', 'not a valid run spec: version'],
      ['spec.json', '{', 'archive-spec', 'cannot be read here'],
      ['journal', '1 00000000 {}\n', 'archive-journal', 'record 1, byte 0'],
    ] as const) {
      const changed = { ...files, [path]: Buffer.from(content) };
      await writeArchive([manifestOf(changed), ...membersOf(changed)]);
      await expectRefusal(code, reason);
    }
  });

  it('is cut short, anywhere', async () => {
    const whole = readFileSync(from);
    for (const end of [20, 300, whole.length / 2, whole.length - 9, whole.length - 1].map(Math.floor)) {
      writeFileSync(from, whole.subarray(0, end));
      await expectRefusal('archive-truncated', 'is cut short');
    }
  });

  it('inflates without end', async () => {
    const endless = Buffer.concat([await tarOf([manifestOf(files), ...membersOf(files)]), Buffer.alloc(64 * 2 ** 20)]);
    writeFileSync(from, compress(endless));
    await expectRefusal('archive-too-large', 'holds more than its manifest says');
    const huge = manifestOf(files, { files: [{ path: 'spec.json', bytes: 2 ** 52, sha256: '0'.repeat(64) }] });
    await writeArchive([huge, ...membersOf(files)]);
    await expect(importRun()).rejects.toMatchObject({ kind: 'failure', code: 'disk-full' });
    expectNothingLeft();
  });
});

describe('what an import left that was killed', () => {
  it('is removed; what one at work has is not', async () => {
    const runs = join(data, 'runs');
    const alive = await createImportingFolder(runs, sampleId);
    const dead = join(data, `.importing-${sampleId}-99-abcdef`);
    mkdirSync(join(dead, 'checkpoints'), { recursive: true });
    writeFileSync(join(dead, 'importing.lock'), JSON.stringify({ pid: process.pid, host: hostname(), started: 'long ago' }));
    const early = join(data, `.importing-${sampleId}-99-ghijkl`);
    mkdirSync(early);
    const removed = await removeStaleImports(runs);
    expect(removed.toSorted()).toEqual(process.platform === 'linux' ? [dead, early] : [early]);
    expect(existsSync(alive.folder)).toBe(true);
    await alive.remove();
    expect(await removeStaleImports(join(folder, 'nowhere'))).toEqual([]);
  });
});
