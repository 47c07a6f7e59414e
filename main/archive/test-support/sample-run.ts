/** A small run folder with everything that one can hold, and archives of it, for the tests of archives (not used by the product). */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { manifestName, type ArchivedAbout } from '../../../core/contract/archive-manifest.ts';
import type { JournalRecord } from '../../../core/contract/journal-records.ts';
import { createRunSpec } from '../../../core/experiments/create-run-spec.ts';
import { writeCheckpoint, writeWeights } from '../../run-folder/checkpoints.ts';
import { encodeRecord } from '../../run-folder/journal-format.ts';
import { runPaths, type RunPaths } from '../../run-folder/run-paths.ts';
import { writeSpecFile } from '../../run-folder/spec-file.ts';

export const sampleId = '20261125-101500-images-free-7-k3f9';

export const sampleAbout: ArchivedAbout = {
  name: 'first try, "quoted"',
  note: 'ü\nlonger',
  group: 'seeds',
  tags: ['paper', 'good'],
  protected: true,
  createdAtMs: 1_795_000_000_000,
};

export const metricsRecord = (iteration: number): JournalRecord => ({
  type: 'metrics',
  iteration,
  episodes: iteration,
  batch: 1,
  seconds: iteration / 10,
  episodesPerSecond: 10,
  rssBytes: 1e6,
  values: { loss: 1 / iteration, relativeError: 0.5 },
});

/** The files that an archive of the sample run holds, in its order. */
export const sampleFiles = [
  'spec.json',
  'journal',
  'checkpoints/000000100.safetensors',
  'checkpoints/000000100.weights.safetensors',
  'checkpoints/000000150.safetensors',
  'picture.png',
  'trainer.log',
];

export async function makeSampleRun(runs: string): Promise<RunPaths> {
  const paths = runPaths(join(runs, sampleId));
  mkdirSync(paths.folder, { recursive: true });
  await writeSpecFile(paths, createRunSpec({ experiment: 'images', seed: 7 }));
  const records = [1, 2, 3].map(metricsRecord).map((record, index) => encodeRecord(index + 1, record));
  writeFileSync(paths.journal, records.join(''));
  const w = { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, -0, 1e-40, 3) } as const;
  for (const iteration of [100, 150])
    await writeCheckpoint(paths.checkpoints, { saved: { arrays: { w }, state: { iteration, episodes: 1, opaque: null } }, seconds: 1 });
  await writeWeights(paths.checkpoints, { w }, { iteration: 100, episodes: 1, seconds: 1 });
  writeFileSync(join(paths.folder, 'picture.png'), 'picture');
  writeFileSync(paths.log, '');
  for (const stays of [
    'stop',
    'trainer.lock',
    'journal.torn-1',
    'spec.json.7-1.unfinished',
    'notes.txt',
    'checkpoints/000000050.safetensors.damaged',
  ])
    writeFileSync(join(paths.folder, stays), 'stays here');
  return paths;
}

/** The files of an imported run by path, without what says what people said of it. */
export function importedContents(folder: string): Record<string, Buffer> {
  const { 'about.json': _about, ...files } = contentsOf(folder);
  return files;
}

/** Every file below `folder` with its content, by path. */
export function contentsOf(folder: string): Record<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(files.sort().map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path))]));
}

export interface TarMember {
  readonly header: Parameters<tar.Pack['entry']>[0];
  readonly content?: string | Uint8Array;
}

/** A .tar of these members, as they are. */
export async function tarOf(members: readonly TarMember[]): Promise<Buffer> {
  const pack = tar.pack();
  for (const { header, content } of members) {
    if (content === undefined) pack.entry(header);
    else pack.entry(header, Buffer.from(content));
  }
  pack.finalize();
  const pieces: Uint8Array[] = [];
  for await (const piece of pack as AsyncIterable<Uint8Array>) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** The manifest of an archive of these files, with `changes`. */
export function manifestOf(files: Readonly<Record<string, Uint8Array>>, changes: object = {}): TarMember {
  const manifest = {
    format: 'engram-run-archive',
    version: 1,
    exportedAtMs: 1,
    engramVersion: 'test',
    id: sampleId,
    about: sampleAbout,
    files: Object.entries(files).map(([path, content]) => ({
      path,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    })),
    ...changes,
  };
  return { header: { name: manifestName }, content: JSON.stringify(manifest) };
}

export function compress(bytes: Uint8Array): Buffer {
  return gzipSync(bytes, { level: 1 });
}
